using Observability.Model;
using static Observability.Metrics.Tests.Samples;

namespace Observability.Metrics.Tests;

public sealed class SeriesStoreTests
{
    private static readonly LabelSet s_a = Labels("up", ("node", "node-000"), ("job", "dcgm"));
    private static readonly LabelSet s_b = Labels("up", ("node", "node-001"), ("job", "node"));
    private static readonly LabelSet s_c = Labels("load", ("node", "node-001"));

    [Fact]
    public async Task Append_OldOrEqualTime_IsRefusedAndCounted()
    {
        await using var store = new SeriesStore(new MetricsOptions());
        store.Append(Batch(Start, (s_a, 1)));
        store.Append(Batch(Start, (s_a, 2), (s_b, 5)));
        store.Append(Batch(Start.AddSeconds(-1), (s_a, 3)));
        Assert.Equal([$"{s_a} {Start.ToUnixTimeMilliseconds()} 1", $"{s_b} {Start.ToUnixTimeMilliseconds()} 5"], Dump(store));
        Assert.Equal((2L, 1L, 1L), (store.Statistics.SamplesAppended, store.Statistics.Duplicates, store.Statistics.OutOfOrder));
    }

    [Fact]
    public async Task Append_BeyondTheSeriesLimit_RefusesOnlyNewSeries()
    {
        await using var store = new SeriesStore(new MetricsOptions { MaxSeries = 2 });
        store.Append(Batch(Start, (s_a, 1), (s_b, 1), (s_c, 1)));
        store.Append(Batch(Start.AddSeconds(1), (s_a, 2), (s_c, 2)));
        Assert.Equal((2, 3L, 2L), (store.Statistics.SeriesCount, store.Statistics.SamplesAppended, store.Statistics.RefusedBySeriesLimit));
    }

    [Theory]
    [InlineData("up", 2)]
    [InlineData("{node=~\"node-00[01]\"}", 3)]
    [InlineData("{node=~\"node-00.+\", job!=\"dcgm\"}", 2)]
    [InlineData("{node=~\"node-001|node-002\"}", 2)]
    [InlineData("up{job!~\"d.*\"}", 1)]
    [InlineData("{node=\"node-001\", job=\"\"}", 1)]
    [InlineData("{__name__=~\"up|load\", job=~\".*\"}", 3)]
    [InlineData("up{absent=\"x\"}", 0)]
    public async Task Select_ByMatchers_FindsWhatAScanFinds(string selector, int count)
    {
        await using var store = new SeriesStore(new MetricsOptions());
        store.Append(Batch(Start, (s_a, 1), (s_b, 1), (s_c, 1)));
        var matchers = ((PromQlExpression.VectorSelector)PromQlParser.ParseSelector(selector).Expression!).AllMatchers;
        var found = store.Select(matchers).ConvertAll(series => series.Labels);
        Assert.Equal(new[] { s_a, s_b, s_c }.Where(labels => matchers.All(matcher => matcher.Matches(labels))), found);
        Assert.Equal(count, found.Count);
    }

    [Fact]
    public async Task LabelQueries_OverATimeRange_AreSortedAndFiltered()
    {
        await using var store = new SeriesStore(new MetricsOptions());
        store.Append(Batch(Start, (s_b, 1), (s_a, 1)));
        store.Append(Batch(Start.AddHours(1), (s_c, 1)));
        IReadOnlyList<IReadOnlyList<LabelMatcher>> up = [[new LabelMatcher(LabelSet.MetricNameLabel, "up")]];
        Assert.Equal(["__name__", "job", "node"], store.LabelNames([], Start, Start.AddHours(1)));
        Assert.Equal(["load", "up"], store.LabelValues("__name__", [], Start, Start.AddHours(1)));
        Assert.Equal(["node-000", "node-001"], store.LabelValues("node", up, Start, Start));
        Assert.Equal([s_a, s_b], store.Series(up, Start, Start));
        Assert.Empty(store.Series(up, Start.AddMinutes(1), Start.AddHours(1)));
    }

    [Fact]
    public async Task Flush_PastRetention_DropsOldChunksAndEmptySeries()
    {
        await using var store = new SeriesStore(new MetricsOptions { SamplesPerChunk = 2, Retention = TimeSpan.FromHours(1) });
        for (var i = 0; i < 4; i++)
            store.Append(Batch(Start.AddMinutes(i * 30), (s_a, i)));
        store.Append(Batch(Start, (s_b, 1)));
        await store.FlushAsync(Start.AddMinutes(100), CancellationToken.None);
        Assert.Equal(
            [$"{s_a} {Start.AddMinutes(60).ToUnixTimeMilliseconds()} 2", $"{s_a} {Start.AddMinutes(90).ToUnixTimeMilliseconds()} 3"], Dump(store));
        Assert.Equal(1, store.Statistics.SeriesCount);
        Assert.Equal(["dcgm"], store.LabelValues("job", [], Start, Start.AddDays(1)));
        store.Append(Batch(Start.AddMinutes(101), (s_b, 2)));
        Assert.Equal(["dcgm", "node"], store.LabelValues("job", [], Start, Start.AddDays(1)));
    }

    [Fact]
    public async Task Flush_BeyondTheByteLimit_DropsTheOldestChunksFirst()
    {
        await using var store = new SeriesStore(new MetricsOptions { SamplesPerChunk = 2, MaxChunkBytes = 60 });
        for (var i = 0; i < 6; i++)
            store.Append(Batch(Start.AddSeconds(i), (s_a, i * 1.5)));
        var before = store.Statistics.ChunkBytes;
        await store.FlushAsync(Start.AddSeconds(10), CancellationToken.None);
        Assert.True(before > 60);
        Assert.InRange(store.Statistics.ChunkBytes, 1, 60);
        Assert.EndsWith(" 7.5", Dump(store)[^1]);
    }

    [Fact]
    public async Task Append_FromManyThreads_LosesNothing()
    {
        await using var store = new SeriesStore(new MetricsOptions { SamplesPerChunk = 16 });
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < 500; i++)
                store.Append(Batch(Start.AddSeconds(i), (Labels("m", ("writer", $"{writer}")), i), (Labels("shared", ("i", $"{i}")), 1)));
        }));
        var reader = Task.Run(() =>
        {
            for (var i = 0; i < 50; i++)
                Dump(store);
        });
        await Task.WhenAll([.. writers, reader]);
        Assert.Equal(2500L, store.Statistics.SamplesAppended);
        Assert.Equal(504, store.Statistics.SeriesCount);
        Assert.Equal(2500, Dump(store).Count);
    }
}
