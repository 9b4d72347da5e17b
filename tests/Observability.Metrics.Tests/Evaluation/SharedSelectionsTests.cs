using Observability.Model;

namespace Observability.Metrics.Tests;

public sealed class SharedSelectionsTests
{
    private static readonly DateTimeOffset s_at = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    private static readonly string[] s_expressions =
    [
        "sum by (job) (rate(a_total[5m]))",
        "max without (node) (rate(a_total[5m]) * 2)",
        "rate(a_total[5m]) > 0",
        "label_replace(b, \"node\", \"x\", \"\", \"\") or b",
        "sort_desc(b)",
        "topk(1, b) / on (node) b",
        "count(b) + count({__name__=~\"a.*\"})",
        "sum_over_time(b[2m:1m]) + b offset 1m",
        "absent(nothing) or absent(nothing)",
        "timestamp(b) - timestamp(b)",
    ];

    [Fact]
    public async Task Query_SharedOrAlone_GivesTheSame()
    {
        await using var store = Filled();
        var engine = new EmbeddedQueryEngine(store);
        var shared = new SharedSelections(s_expressions);
        Assert.True(shared.Count >= 2);

        foreach (var expression in s_expressions.Concat(s_expressions))
        {
            var together = await engine.QueryAsync(expression, s_at, shared, CancellationToken.None);
            var alone = await engine.QueryAsync(expression, s_at, CancellationToken.None);
            Assert.Equal(alone.Error?.Message, together.Error?.Message);
            Assert.Equal(Show(alone), Show(together));
        }
    }

    [Fact]
    public async Task Query_AfterTheMetricWasWritten_SeesWhatWasWritten()
    {
        await using var store = Filled();
        var engine = new EmbeddedQueryEngine(store);
        var shared = new SharedSelections(["b + 1", "b + 2"]);
        Assert.Equal(2, (await engine.QueryAsync("b + 1", s_at, shared, CancellationToken.None)).Vector.Count);
        store.Append(new SampleBatch("rule", s_at, [new SeriesSample(Series("b", "n9"), new Sample(s_at.ToUnixTimeMilliseconds(), 9))]));

        Assert.Equal(2, (await engine.QueryAsync("b + 2", s_at, shared, CancellationToken.None)).Vector.Count);
        shared.Forget("b");
        Assert.Equal(3, (await engine.QueryAsync("b + 2", s_at, shared, CancellationToken.None)).Vector.Count);
    }

    private static SeriesStore Filled()
    {
        var store = new SeriesStore(new MetricsOptions());
        for (var i = 0; i < 20; i++)
        {
            var at = s_at - TimeSpan.FromSeconds(15 * (19 - i));
            var time = at.ToUnixTimeMilliseconds();
            store.Append(new SampleBatch("test", at,
            [
                new SeriesSample(Series("a_total", "n1"), new Sample(time, i * 3)), new SeriesSample(Series("a_total", "n2"), new Sample(time, i * 7)),
                new SeriesSample(Series("b", "n1"), new Sample(time, i)), new SeriesSample(Series("b", "n2"), new Sample(time, 100 - i)),
            ]));
        }

        return store;
    }

    private static LabelSet Series(string name, string node) => LabelSet.Of((LabelSet.MetricNameLabel, name), ("job", "x"), ("node", node));

    private static IEnumerable<string> Show(QueryResult result) => result.Vector.Select(sample => $"{sample.Labels} {sample.Sample.Value:R}");
}
