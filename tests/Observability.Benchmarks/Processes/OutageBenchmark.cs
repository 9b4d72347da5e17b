using System.Diagnostics;
using Observability.Testing;

namespace Observability.Benchmarks;

/// <summary>
/// The platform is killed while an agent scrapes under load, stays away for a while and comes back on the same state: what of every
/// series it then has, and how long the agent needs until nothing waits any more. The platform takes no sample out of order here, so that
/// one that came twice or late would be missing.
/// </summary>
internal static class OutageBenchmark
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task<int> RunAsync(int targets, int series, TimeSpan outage, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("observability-outage-");
        try
        {
            var (exporters, line) = await MeasuredProcess.StartAsync(
                "dotnet", [typeof(OutageBenchmark).Assembly.Location, "exporters", "--targets", $"{targets}", "--series", $"{series}"],
                folder.FullName, line => line.StartsWith(ExporterFleet.Ready, StringComparison.Ordinal));
            await using var one = exporters;
            var port = Loopback.FreePort();
            var brain = await BrainAsync(folder, port);
            var agent = await AgentAsync(folder, port, line[ExporterFleet.Ready.Length..] + "/targets");
            await using var two = agent;
            using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
            var client = new PrometheusClient(http, $"http://127.0.0.1:{port}");
            await UntilAsync(async () => await client.ScalarAsync("count(up == 1)", cancellationToken) == targets, cancellationToken);
            var began = Stopwatch.StartNew();
            await Task.Delay(Before, TimeProvider.System, cancellationToken);

            await brain.DisposeAsync();
            System.Console.WriteLine($"killed; {targets * (long)series} series go on being scraped every {Interval.TotalSeconds:0} s");
            await Task.Delay(outage, TimeProvider.System, cancellationToken);
            var waiting = Bytes(Path.Combine(folder.FullName, "agent")) / 1e6;
            brain = await BrainAsync(folder, port);
            await using var three = brain;
            var draining = Stopwatch.StartNew();
            await UntilAsync(
                async () => await client.ScalarAsync("time() - min(timestamp(up))", cancellationToken) is > 0 and var age && age < 1.5 * Interval.TotalSeconds, cancellationToken);
            var drained = draining.Elapsed;

            // Scrapes that lie wholly within the time from the first look until now.
            var rounds = (int)(began.Elapsed / Interval);
            var window = $"{rounds * Interval.TotalSeconds:0}s";
            var (fewest, there) = (double.PositiveInfinity, 0.0);
            foreach (var name in ExporterFleet.Names)
            {
                fewest = Math.Min(fewest, await client.ScalarAsync($"min(count_over_time({name}[{window}]))", cancellationToken));
                there += await client.ScalarAsync($"count(count_over_time({name}[{window}]))", cancellationToken);
            }

            var table = new Table(
                $"Outage of {outage.TotalMinutes:0.#} minutes, {targets} targets of {series} series, one agent",
                "series there again", "scrapes in the window", "fewest of any series", "MB that waited", "s until drained", "agent RSS MiB", "agent peak MiB", "agent CPU s");
            table.Add($"{there:#,0} of {targets * (long)series:#,0}", rounds, fewest, waiting, drained.TotalSeconds, agent.ResidentMiB, agent.PeakMiB, agent.CpuSeconds);
            table.Print();

            // A scrape on the edge of the window may fall on either side of it.
            return there == targets * (long)series && fewest >= rounds - 1 ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<MeasuredProcess> BrainAsync(DirectoryInfo folder, int port)
    {
        var file = Path.Combine(folder.FullName, "brain.yaml");
        await File.WriteAllTextAsync(file, $$"""
            server: {listen: "127.0.0.1:{{port}}", state: "{{folder.FullName}}/brain"}
            metrics: {out_of_order_window: 0s}
            content: {rules: "{{Empty(folder, "rules")}}", runbooks: "{{Empty(folder, "runbooks")}}"}
            """);
        return await ServeAsync(folder, file, "serving on ");
    }

    private static async Task<MeasuredProcess> AgentAsync(DirectoryInfo folder, int port, string targets)
    {
        var file = Path.Combine(folder.FullName, "agent.yaml");
        await File.WriteAllTextAsync(file, $$"""
            server: {role: agent, state: "{{folder.FullName}}/agent", listen: "127.0.0.1:{{Loopback.FreePort()}}"}
            forward: {url: "http://127.0.0.1:{{port}}"}
            collect: {interval: {{Interval.TotalSeconds:0}}s, timeout: 8s, target_urls: ["{{targets}}"]}
            """);
        return await ServeAsync(folder, file, "forwards to ");
    }

    private static async Task<MeasuredProcess> ServeAsync(DirectoryInfo folder, string configuration, string ready) =>
        (await MeasuredProcess.StartAsync(
            "dotnet", [Contender.ServerAssembly, "serve", "--config", configuration], folder.FullName, line => line.Contains(ready, StringComparison.Ordinal))).Process;

    private static string Empty(DirectoryInfo folder, string name)
    {
        foreach (var part in (string[])["faults", "slos"])
            folder.CreateSubdirectory(Path.Combine(name, part));
        return Path.Combine(folder.FullName, name);
    }

    private static long Bytes(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private static async Task UntilAsync(Func<Task<bool>> done, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (!await AnswersAsync(done))
        {
            if (watch.Elapsed > Patience)
                throw new TimeoutException($"waited for {Patience.TotalMinutes:0} minutes in vain");
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
        }
    }

    private static async Task<bool> AnswersAsync(Func<Task<bool>> done)
    {
        try
        {
            return await done();
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
