using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Observability.Benchmarks;

/// <summary>What it costs to serve a simulated fleet whose every exporter is scraped every ten seconds.</summary>
internal static class FleetBenchmark
{
    private const int ReadersAtOnce = 16;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>Scrapes for a while, after two rounds of warm-up, and prints the fleet's share of a core.</summary>
    public static async Task<int> RunAsync(int nodes, TimeSpan length, CancellationToken cancellationToken)
    {
        var (process, address) = await Servers.SimulatorAsync(nodes);
        await using (process)
        {
            using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = ReadersAtOnce });
            var url = new Uri(address);
            var targets = JsonNode.Parse(await http.GetStringAsync(new Uri(url, "/targets"), cancellationToken))!.AsArray()
                .Select(target => new Uri(url, (string)target!["labels"]!["__metrics_path__"]!)).ToArray();
            for (var round = 0; round < 2; round++)
                await RoundAsync(http, targets, cancellationToken);
            var (cpu, began, bytes, lines, late) = (process.CpuSeconds, Stopwatch.GetTimestamp(), 0L, 0L, 0);
            while (Stopwatch.GetElapsedTime(began) < length)
            {
                var round = await RoundAsync(http, targets, cancellationToken);
                (bytes, lines) = (bytes + round.Bytes, lines + round.Lines);
                late += round.IsLate ? 1 : 0;
            }

            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            var spent = process.CpuSeconds - cpu;
            await System.Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{nodes} nodes, {nodes * 8} GPUs, {targets.Length} targets every {Interval.TotalSeconds:0} s for {seconds:0} s: {spent / seconds:0.000} cores, {spent / lines * 1e6:0.00} µs per line, {lines / seconds:0} lines/s, {bytes / seconds / 1e6:0.0} MB/s, {process.PeakMiB:0} MiB; {late} rounds took longer than {Interval.TotalSeconds:0} s"));
        }

        return 0;
    }

    // Targets are spread over the interval, as a scraper spreads them.
    private static async Task<(long Bytes, long Lines, bool IsLate)> RoundAsync(HttpClient http, Uri[] targets, CancellationToken cancellationToken)
    {
        var (began, bytes, lines) = (Stopwatch.GetTimestamp(), 0L, 0L);
        foreach (var (number, group) in targets.Chunk(ReadersAtOnce).Index())
        {
            var bodies = await Task.WhenAll(group.Select(target => http.GetByteArrayAsync(target, cancellationToken)));
            bytes += bodies.Sum(body => (long)body.Length);
            lines += bodies.Sum(body => (long)body.AsSpan().Count((byte)'\n'));
            var ahead = (Interval * ((number + 1) * ReadersAtOnce / (double)targets.Length)) - Stopwatch.GetElapsedTime(began);
            if (ahead > TimeSpan.Zero)
                await Task.Delay(ahead, TimeProvider.System, cancellationToken);
        }

        return (bytes, lines, Stopwatch.GetElapsedTime(began) > Interval * 1.05);
    }
}
