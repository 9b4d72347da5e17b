using System.Globalization;
using BenchmarkDotNet.Attributes;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Benchmarks;

/// <summary>
/// Finding series by regular expressions among 100,000 of 1,000 nodes: patterns that are looked up, cut out of sorted values or
/// searched without an automaton, beside one that needs it.
/// </summary>
[MemoryDiagnoser]
public class MatcherBenchmarks : IAsyncDisposable
{
    private const int Nodes = 1_000;
    private const int SeriesPerNode = 100;

    private readonly SeriesStore _store = new(new MetricsOptions());
    private LabelMatcher[] _matchers = [];

    /// <summary>Pattern of the label <c>node</c>.</summary>
    [Params("node-0017|node-0423|node-0999", "node-01(23|45)", "node-042.*", ".*-0423", ".*042.*", "node-0[0-4]2[0-9]", "(?i)NODE-0423", ".+")]
    public string Pattern { get; set; } = "";

    /// <summary>Fills the index.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _matchers = [new LabelMatcher("node", Pattern, IsRegex: true)];
        var samples = Enumerable.Range(0, Nodes * SeriesPerNode).Select(i => new SeriesSample(
            LabelSet.Of(
                (LabelSet.MetricNameLabel, "metric_" + (i % SeriesPerNode).ToString(CultureInfo.InvariantCulture)), ("job", "dcgm"),
                ("node", "node-" + (i / SeriesPerNode).ToString("0000", CultureInfo.InvariantCulture))),
            new Sample(1_772_366_400_000, 1)));
        _store.Append(new SampleBatch("benchmark", DateTimeOffset.FromUnixTimeSeconds(1_772_366_400), [.. samples]));
    }

    /// <summary>The pattern alone: the index has nothing else to go by.</summary>
    [Benchmark]
    public int Alone() => Found(_store.Select(_matchers));

    /// <summary>Beside a metric name, of which there are 1,000 series.</summary>
    [Benchmark]
    public int WithMetricName() => Found(_store.Select([.. _matchers, new LabelMatcher(LabelSet.MetricNameLabel, "metric_7")]));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the store.</summary>
    [GlobalCleanup]
    public Task CleanupAsync() => DisposeAsync().AsTask();

    private int Found(List<MemorySeries> series) => series.Count > 0 ? series.Count : throw new InvalidOperationException($"{Pattern} finds nothing");
}
