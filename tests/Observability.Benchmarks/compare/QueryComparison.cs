using System.Diagnostics;

namespace Observability.Benchmarks;

/// <summary>
/// Range queries over four hours of backfilled data: CPU seconds of the server per query, the answer over HTTP included. Before
/// anything is timed the answers of the platform and of Prometheus are compared.
/// </summary>
internal static class QueryComparison
{
    private const int Samples = 1_200;
    private const int Step = 15;
    private const int Length = 4 * 3_600;

    // VictoriaMetrics joins on the same labels; its rate does not extrapolate, so that its values differ by design.
    private static readonly (string Name, string Query)[] s_queries =
    [
        ("sum by(instance)(rate), 100 series", "sum by (instance) (rate(bench_counter_0_total[5m]))"),
        ("sum by(instance)(rate), 1,000 series", "sum by (instance) (rate({__name__=~\"bench_counter_.+\"}[5m]))"),
        ("max by(gpu)(avg_over_time), 100 series", "max by (gpu) (avg_over_time(bench_gauge_0[10m]))"),
        ("topk(5, a / on() b), 100 x 100 series", "topk(5, bench_random_0 / on (instance, gpu, job, node, device) bench_gauge_0)"),
    ];

    public static async Task<int> RunAsync(int repeats, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("observability-queries-");
        try
        {
            var begin = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 7_200 * 7_200) - 21_600;
            var (openMetrics, text) = (Path.Combine(folder.FullName, "data.om"), Path.Combine(folder.FullName, "data.prom"));
            BackfillData.Write(openMetrics, openMetrics: true, [0, 1, 2, 3], begin, Samples, jitter: true);
            BackfillData.Write(text, openMetrics: false, [0, 1, 2, 3], begin, Samples, jitter: true);
            var from = begin + (Samples * BackfillData.Step) - Length - 300;
            var costs = new List<QueryCost[]>();
            var load = new Table("Backfill of 4,000 series, 4.8 million samples", "contender", "CPU s", "CPU / prometheus");
            var loads = new List<double>();
            foreach (var contender in Contender.All)
            {
                var own = folder.CreateSubdirectory(contender.Name).FullName;
                loads.Add((await Backfill.LoadAsync(contender, own, openMetrics, text, cancellationToken)).CpuSeconds);
                costs.Add(await MeasureAsync(contender, own, from, repeats, cancellationToken));
            }

            Print(costs);
            for (var i = 0; i < loads.Count; i++)
                load.Add(Contender.All[i].Name, loads[i], loads[i] / loads[1]);
            load.Print();
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Print(List<QueryCost[]> costs)
    {
        var table = new Table(
            "Range queries, 4 h at a step of 15 s: CPU milliseconds per query",
            "query", "platform", "prometheus", "victoria-metrics", "platform / prometheus", "platform / victoria-metrics", "best wall ms: platform", "prometheus", "victoria-metrics", "points equal to prometheus %");
        for (var i = 0; i < s_queries.Length; i++)
        {
            var (ours, peer, victoria) = (costs[0][i], costs[1][i], costs[2][i]);
            table.Add(
                s_queries[i].Name, ours.CpuMilliseconds, peer.CpuMilliseconds, victoria.CpuMilliseconds, ours.CpuMilliseconds / peer.CpuMilliseconds,
                ours.CpuMilliseconds / victoria.CpuMilliseconds, ours.BestMilliseconds, peer.BestMilliseconds, victoria.BestMilliseconds, Equal(ours.Answer, peer.Answer));
        }

        table.Print();
    }

    private static async Task<QueryCost[]> MeasureAsync(Contender contender, string folder, long from, int repeats, CancellationToken cancellationToken)
    {
        var (server, url) = await contender.StartAsync(new Setup(folder));
        await using var one = server;
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
        var client = new PrometheusClient(http, url);
        var costs = new List<QueryCost>();
        // Compiled, cached, warm: so that what is timed is the query. All of them first, since they share most of their code.
        for (var i = 0; i < repeats; i++)
        {
            foreach (var (_, query) in s_queries)
                await client.RangeTextAsync(query, from, from + Length, Step, cancellationToken);
        }

        foreach (var (name, query) in s_queries)
        {
            var answer = await client.RangeAsync(query, from, from + Length, Step, cancellationToken);
            var (cpu, best) = (server.CpuSeconds, double.MaxValue);
            for (var i = 0; i < repeats; i++)
            {
                var began = Stopwatch.GetTimestamp();
                await client.RangeTextAsync(query, from, from + Length, Step, cancellationToken);
                best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            costs.Add(new QueryCost(1e3 * (server.CpuSeconds - cpu) / repeats, best, answer));
            System.Console.Error.WriteLine($"{contender.Name}: {name}: {costs[^1].CpuMilliseconds:0.0} CPU ms, best {best:0.0} ms, {answer.Count} series");
        }

        return [.. costs];
    }

    // Of the points of both, how many agree within 1e-6; other labels or another number of points count as none.
    private static double Equal(SortedDictionary<string, double[]> ours, SortedDictionary<string, double[]> theirs)
    {
        var (all, equal) = (0, 0);
        foreach (var (labels, points) in theirs)
        {
            all += points.Length;
            if (ours.TryGetValue(labels, out var own) && own.Length == points.Length)
                equal += points.Zip(own).Count(pair => Math.Abs(pair.First - pair.Second) <= 1e-6 * Math.Max(Math.Abs(pair.First), Math.Abs(pair.Second)));
        }

        return all == 0 || ours.Count != theirs.Count ? 0 : 100.0 * equal / all;
    }

    private sealed record QueryCost(double CpuMilliseconds, double BestMilliseconds, SortedDictionary<string, double[]> Answer);
}
