using System.Globalization;
using BenchmarkDotNet.Attributes;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Benchmarks;

/// <summary>
/// Range queries over four hours at a step of 15 s, on series scraped every 15 s with a little jitter: 100 instances, ten
/// GPUs each where <see cref="Series"/> is 1,000.
/// </summary>
[MemoryDiagnoser]
public class RangeQueryBenchmarks : IAsyncDisposable
{
    private const int Instances = 100;
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Length = TimeSpan.FromHours(4);

    private readonly SeriesStore _store = new(new MetricsOptions());
    private EmbeddedQueryEngine _engine = null!;

    /// <summary>Series per metric.</summary>
    [Params(100, 1000)]
    public int Series { get; set; }

    /// <summary>Fills a counter, a gauge and its limit.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        var counts = new double[Series];
        var labels = new LabelSet[3, Series];
        for (var i = 0; i < Series; i++)
        {
            for (var metric = 0; metric < 3; metric++)
                labels[metric, i] = Labels(metric switch { 0 => "requests_total", 1 => "used", _ => "limit" }, i);
        }

        for (var at = Start; at <= Start + Length; at += Step)
        {
            var samples = new List<SeriesSample>();
            var time = at.ToUnixTimeMilliseconds() + random.Next(-20, 21);
            for (var i = 0; i < Series; i++)
            {
                counts[i] += random.Next(200);
                samples.Add(new SeriesSample(labels[0, i], new Sample(time, counts[i])));
                samples.Add(new SeriesSample(labels[1, i], new Sample(time, Math.Round(40 + (random.NextDouble() * 40), 1))));
                samples.Add(new SeriesSample(labels[2, i], new Sample(time, 100)));
            }

            _store.Append(new SampleBatch("benchmark", at, samples));
        }

        _engine = new EmbeddedQueryEngine(_store);
    }

    /// <summary>A rate summed by instance.</summary>
    [Benchmark]
    public Task<QueryResult> SumOfRate() => RunAsync("sum by (instance) (rate(requests_total[5m]))");

    /// <summary>A mean over ten minutes, the largest by GPU.</summary>
    [Benchmark]
    public Task<QueryResult> MaxOfAverage() => RunAsync("max by (gpu) (avg_over_time(used[10m]))");

    /// <summary>Two metrics joined, the five largest.</summary>
    [Benchmark]
    public Task<QueryResult> TopOfRatio() => RunAsync("topk(5, used / on (instance, gpu, job, rack, zone) limit)");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the store.</summary>
    [GlobalCleanup]
    public Task CleanupAsync() => DisposeAsync().AsTask();

    private static LabelSet Labels(string name, int index)
    {
        var instance = (index % Instances).ToString(CultureInfo.InvariantCulture);
        var gpu = (index / Instances).ToString(CultureInfo.InvariantCulture);
        return LabelSet.Of((LabelSet.MetricNameLabel, name), ("instance", "node-" + instance), ("gpu", gpu), ("job", "dcgm"), ("rack", "r" + instance[0]), ("zone", "a"));
    }

    private async Task<QueryResult> RunAsync(string query)
    {
        var result = await _engine.QueryRangeAsync(query, Start, Start + Length, Step, CancellationToken.None);
        return result.Error is null && result.Matrix.Count > 0 ? result : throw new InvalidOperationException($"{query}: {result.Error?.Message ?? "no series"}");
    }
}
