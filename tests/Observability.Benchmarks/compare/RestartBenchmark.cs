using System.Diagnostics;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Benchmarks;

/// <summary>How long <c>serve</c> takes until it answers, on a store of a given size: random values, so that few series make it large.</summary>
internal static class RestartBenchmark
{
    private const int Series = 20_000;

    public static async Task<int> RunAsync(int megabytes, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("observability-restart-");
        try
        {
            var state = folder.CreateSubdirectory("state").FullName;
            var database = Path.Combine(state, "series.db");
            var (samples, last) = await FillAsync(database, megabytes * 1_048_576L, cancellationToken);
            var size = new FileInfo(database).Length / 1_048_576.0;
            var table = new Table($"Restart with {Series:#,0} series, {samples / 1e6:0} million samples, {size:0} MiB on disk", "start", "seconds until it answers", "CPU s", "RSS MiB");
            for (var i = 1; i <= 2; i++)
            {
                var began = Stopwatch.GetTimestamp();
                var (server, url) = await Contender.Platform.StartAsync(new Setup(folder.FullName));
                await using var one = server;
                using var http = new HttpClient();
                var count = await new PrometheusClient(http, url).ScalarAsync($"count(restart_value @ {last})", cancellationToken);
                if (count != Series)
                    throw new InvalidOperationException($"{count} series came back, {Series} were stored");
                table.Add($"{i}", Stopwatch.GetElapsedTime(began).TotalSeconds, server.CpuSeconds, server.ResidentMiB);
            }

            table.Print();
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(long Samples, long LastUnixSeconds)> FillAsync(string database, long bytes, CancellationToken cancellationToken)
    {
        await using var store = new SeriesStore(new MetricsOptions { DatabasePath = database, MaxChunkBytes = bytes * 4 });
        var labels = Enumerable.Range(0, Series).Select(i => LabelSet.Of((LabelSet.MetricNameLabel, "restart_value"), ("gpu", $"{i % 8}"), ("node", $"node-{i / 8:0000}"), ("device", $"nvidia{i % 8}"))).ToArray();
        var end = TimeProvider.System.GetUtcNow();
        var (tick, at) = (0, end);
        while (new FileInfo(database).Length < bytes)
        {
            at = end - TimeSpan.FromDays(10) + TimeSpan.FromSeconds(15 * tick);
            store.Append(new SampleBatch("restart", at, [.. labels.Select((set, i) => new SeriesSample(set, new Sample(at.ToUnixTimeMilliseconds(), SampleMix.Value((i * 4) + 3, tick))))]));
            if (++tick % 120 == 0)
                await store.FlushAsync(at, cancellationToken);
        }

        return ((long)tick * Series, at.ToUnixTimeSeconds());
    }
}
