using System.CommandLine;

namespace Observability.Server;

/// <summary><c>observability serve</c>: the platform on real targets, or one of its agents and collectors.</summary>
internal static class ServeCommand
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    public static Command Build()
    {
        var role = new Option<string>("--role") { Description = "brain (everything), agent (a node's own sources, forwarded) or collector (a share of the targets, forwarded); comes before server.role" };
        role.AcceptOnlyFromAmong(ServerRole.Brain, ServerRole.Agent, ServerRole.Collector);
        var command = new Command("serve", "run the platform on the targets of the configuration, or one of its agents and collectors") { ConfigurationFile.Option, role };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(ConfigurationFile.Option)!, parsed.GetValue(role), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string file, string? role, CancellationToken cancellationToken)
    {
        var (options, findings) = ConfigurationFile.Read(file, role);
        if (options.Server.Role != ServerRole.Brain && findings.Count == 0)
            return await AgentRun.RunAsync(options, cancellationToken);
        var (content, faults) = ContentCheck.Read(options.Content.Rules, options.Content.Runbooks, options.Metrics.ExperimentalFunctions);
        if (findings.Count + faults.Count > 0)
        {
            foreach (var finding in findings.Concat(faults))
                await System.Console.Error.WriteLineAsync(finding.ToString());
            return 2;
        }

        using var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true));
        Platform opened;
        try
        {
            opened = await Platform.OpenAsync(options, content, TimeProvider.System, loggers, cancellationToken);
        }
        catch (IOException fault)
        {
            await System.Console.Error.WriteLineAsync($"server.state: {fault.Message}");
            return 2;
        }

        await using var platform = opened;
        await using var front = WebFront.Build(platform, options);
        await front.StartAsync(cancellationToken);
        await platform.StartAsync(cancellationToken);
        System.Console.WriteLine($"serving on http://{options.Server.Listen}; hardware verdicts: {options.Response.Hardware}, others: {options.Response.Otherwise}");
        await StepAsync(platform, loggers.CreateLogger("Observability.Server"), cancellationToken);
        await front.StopAsync(CancellationToken.None);
        return 0;
    }

    // Everything that is due, each second; and at once where an alert waits in front of the pipeline.
    private static async Task StepAsync(Platform platform, ILogger logger, CancellationToken cancellationToken)
    {
        var next = TimeProvider.System.GetUtcNow();
        while (!cancellationToken.IsCancellationRequested)
        {
            var now = TimeProvider.System.GetUtcNow();
            try
            {
                if (now >= next)
                {
                    next = now + Tick;
                    await platform.StepAsync(now, cancellationToken);
                }

                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var wait = next - TimeProvider.System.GetUtcNow();
                limit.CancelAfter(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1));
                if (await platform.Inlet.WaitAsync(limit.Token))
                    await platform.PumpAsync(TimeProvider.System.GetUtcNow(), cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // The tick is due, or the server stops; the loop's condition tells which.
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException or InvalidOperationException)
            {
                ServerLog.StepFailed(logger, now, fault.Message);
            }
        }
    }
}
