using Observability.Model;
using static Observability.Metrics.Tests.Samples;

namespace Observability.Metrics.Tests;

public sealed class EmbeddedQueryEngineTests : IAsyncDisposable
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);
    private static readonly LabelSet s_total = Labels("requests_total", ("node", "node-000"));

    private readonly SeriesStore _store = new(new MetricsOptions { SamplesPerChunk = 3 });

    public EmbeddedQueryEngineTests()
    {
        for (var i = 0; i <= 10; i++)
            _store.Append(Batch(Start.AddMinutes(i), (s_total, i * 60), (Labels("a", ("x", "1")), i), (Labels("b", ("x", "1")), i)));
    }

    [Fact]
    public async Task Range_LeftOpenByDefault_IsLeftClosedWithTheOption()
    {
        var now = await Value("count_over_time(requests_total[5m])", new QueryOptions());
        var before = await Value("count_over_time(requests_total[5m])", new QueryOptions { LeftClosedRanges = true });
        Assert.Equal((5.0, 6.0), (now, before));
    }

    [Fact]
    public async Task Lookback_AtItsExactEnd_CountsOnlyWithTheOption()
    {
        var at = Start.AddMinutes(15);
        Assert.Empty((await Engine(new QueryOptions()).QueryAsync("a", at, default)).Vector);
        Assert.Single((await Engine(new QueryOptions { LeftClosedRanges = true }).QueryAsync("a", at, default)).Vector);
    }

    [Fact]
    public async Task Query_OfTheCurrentRate_GivesLabelsTimeAndValue()
    {
        var result = await Engine().QueryAsync("rate(requests_total[5m])", Start.AddMinutes(10), default);
        Assert.Equal([new SeriesSample(LabelSet.Of(("node", "node-000")), new Sample(Start.AddMinutes(10).ToUnixTimeMilliseconds(), 1))], result.Vector);
    }

    [Fact]
    public async Task Query_WhoseNamesCollide_FailsAtOnceOrAtTheEnd()
    {
        var selector = "{__name__=~'a|b'}";
        var atOnce = await Engine().QueryAsync($"sum by (__name__) (abs({selector}))", Start, default);
        var delayed = await Engine(new QueryOptions { DelayedNameRemoval = true }).QueryAsync($"count(abs({selector}))", Start, default);
        Assert.Equal(new QueryError("execution", "vector cannot contain metrics with the same labelset"), atOnce.Error);
        Assert.Equal(2, delayed.Vector[0].Sample.Value);
    }

    [Fact]
    public async Task RangeQuery_OfEveryStep_EqualsTheInstantQueries()
    {
        foreach (var query in new[] { "rate(requests_total[3m])", "sum(a + on(x) b)", "max_over_time(a[4m:1m] offset 1m)", "a @ end()", "topk(1, {x='1'})", "time() - timestamp(a)" })
        {
            var range = await Engine().QueryRangeAsync(query, Start, Start.AddMinutes(12), TimeSpan.FromSeconds(90), default);
            var expected = new List<string>();
            for (var at = Start; at <= Start.AddMinutes(12); at += TimeSpan.FromSeconds(90))
            {
                var instant = await Engine().QueryAsync(query.Replace("end()", Seconds(Start.AddMinutes(12)), StringComparison.Ordinal), at, default);
                expected.AddRange(instant.Vector.Select(sample => $"{sample.Labels} {sample.Sample}"));
            }

            var actual = range.Matrix.SelectMany(series => series.Samples.Select(sample => $"{series.Labels} {sample}"));
            Assert.NotEmpty(expected);
            Assert.Equal(expected.Order(), actual.Order());
        }
    }

    [Theory]
    [InlineData("up[", "bad_data", "invalid parameter \"query\": 1:4: parse error: unclosed left bracket")]
    [InlineData("topk(0/0, a)", "execution", "Parameter value is NaN")]
    public async Task Query_ThatFails_IsAValue(string query, string type, string message) =>
        Assert.Equal(new QueryError(type, message), (await Engine().QueryAsync(query, Start, default)).Error);

    [Fact]
    public async Task RangeQuery_WithBadBounds_IsRefusedInTheWordsOfPrometheus()
    {
        var zeroStep = await Engine().QueryRangeAsync("a", Start, Start, TimeSpan.Zero, default);
        var tooMany = await Engine().QueryRangeAsync("a", Start, Start.AddSeconds(11_000), TimeSpan.FromSeconds(1), default);
        var most = await Engine().QueryRangeAsync("a", Start, Start.AddSeconds(10_999), TimeSpan.FromSeconds(1), default);
        var text = await Engine().QueryRangeAsync("'x'", Start, Start, s_minute, default);
        Assert.Equal("zero or negative query resolution step widths are not accepted. Try a positive integer", zeroStep.Error!.Message);
        Assert.Equal("exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)", tooMany.Error!.Message);
        Assert.Null(most.Error);
        Assert.Equal("invalid parameter \"query\": invalid expression type \"string\" for range query, must be Scalar or instant Vector", text.Error!.Message);
    }

    [Fact]
    public async Task Query_BeyondTheSampleLimit_FailsInsteadOfLoading()
    {
        var result = await Engine(new QueryOptions { MaxSamples = 10 }).QueryAsync("sum(count_over_time({x='1'}[10m]))", Start.AddMinutes(10), default);
        Assert.Equal(
            new QueryError("execution", "query processing would load too many samples into memory in query execution: more than 10"), result.Error);
    }

    [Fact]
    public async Task Query_PastItsTimeout_FailsAndSaysHowLongItHad()
    {
        var result = await Engine(new QueryOptions { Timeout = TimeSpan.Zero }).QueryAsync("a", Start, default);
        Assert.Equal(new QueryError("timeout", "query timed out after 0s; ask for fewer steps or series, or raise the timeout"), result.Error);
    }

    [Fact]
    public async Task Query_WithAnExperimentalFunction_NeedsTheOption()
    {
        var refused = await Engine().QueryAsync("mad_over_time(a[5m])", Start, default);
        var allowed = await Engine(new QueryOptions { ExperimentalFunctions = true }).QueryAsync("mad_over_time(a[5m])", Start.AddMinutes(4), default);
        Assert.Equal("invalid parameter \"query\": 1:1: parse error: function \"mad_over_time\" is experimental and is not enabled", refused.Error!.Message);
        Assert.Equal(1, Assert.Single(allowed.Vector).Sample.Value);
    }

    [Fact]
    public async Task RangeQuery_OnSeveralThreads_EqualsThatOnOne()
    {
        await using var store = new SeriesStore(new MetricsOptions());
        for (var i = 0; i <= 60; i++)
        {
            var samples = Enumerable.Range(0, 900).Select(series => (Labels("busy_total", ("gpu", $"{series}")), (double)(i * series % 977))).ToArray();
            store.Append(Batch(Start.AddMinutes(i), samples));
        }

        var answers = new List<string>();
        foreach (var threads in new[] { 1, 4 })
        {
            var engine = new EmbeddedQueryEngine(store, new QueryOptions { MaxThreads = threads });
            var result = await engine.QueryRangeAsync("avg_over_time(rate(busy_total[5m])[10m:1m]) + busy_total", Start, Start.AddHours(1), s_minute, default);
            Assert.Equal(900, result.Matrix.Count);
            answers.Add(string.Join(';', result.Matrix.Select(series => $"{series.Labels}{string.Join(',', series.Samples)}")));
        }

        Assert.Equal(answers[0], answers[1]);
        var refused = await new EmbeddedQueryEngine(store, new QueryOptions { MaxThreads = 4, MaxSamples = 10_000 })
            .QueryRangeAsync("sum(rate(busy_total[5m]))", Start, Start.AddHours(1), s_minute, default);
        Assert.Equal("execution", refused.Error!.Type);
    }

    [Fact]
    public async Task Query_Cancelled_Throws()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await Engine().QueryAsync("a", Start, source.Token));
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private EmbeddedQueryEngine Engine(QueryOptions? options = null) => new(_store, options);

    private async Task<double> Value(string query, QueryOptions options) =>
        (await Engine(options).QueryAsync(query, Start.AddMinutes(10), default)).Vector[0].Sample.Value;

    private static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
}
