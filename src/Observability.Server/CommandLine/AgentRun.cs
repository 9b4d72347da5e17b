namespace Observability.Server;

/// <summary><c>observability serve</c> in the roles agent and collector.</summary>
internal static class AgentRun
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(ObservabilityOptions options, CancellationToken cancellationToken)
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true));
        Agent opened;
        try
        {
            opened = new Agent(options, TimeProvider.System, loggers);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await System.Console.Error.WriteLineAsync($"server.state: {fault.Message}");
            return 2;
        }

        await using var agent = opened;
        await using var front = AgentFront.Build(agent, options);
        await front.StartAsync(cancellationToken);
        System.Console.WriteLine($"{options.Server.Role} on http://{options.Server.Listen} forwards to {options.Forward.Url}; {agent.Waiting} samples and events wait");
        await StepAsync(agent, loggers.CreateLogger("Observability.Server"), cancellationToken);
        await front.StopAsync(CancellationToken.None);
        return 0;
    }

    private static async Task StepAsync(Agent agent, ILogger logger, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Tick);
        try
        {
            do
            {
                var now = TimeProvider.System.GetUtcNow();
                try
                {
                    await agent.StepAsync(now, cancellationToken);
                }
                catch (Exception fault) when (fault is HttpRequestException or IOException or InvalidOperationException)
                {
                    ServerLog.StepFailed(logger, now, fault.Message);
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The process is to stop; what is buffered goes with the next run.
        }
    }
}
