using Observability.Metrics;
using Observability.Model;
using static Observability.Alerting.Tests.World;

namespace Observability.Alerting.Tests;

/// <summary>What an alert that was pending before a restart remembers of it.</summary>
public sealed class RuleRestartTests
{
    private static readonly LabelSet s_gpu = Labels(("__name__", "temp"), ("gpu", "5"), ("node", "node-003"));

    private readonly ScriptedEngine _engine = new();
    private readonly RecordingAppender _appender = new();
    private readonly RecordingOutput _output = new();
    private readonly RuleEvaluator _evaluator;

    public RuleRestartTests() =>
        _evaluator = new RuleEvaluator(_engine, _appender, _output, new RuleOptions { ExternalUrl = "http://o" }, Quiet<RuleEvaluator>());

    [Theory]
    [InlineData(900, 300)] // it had waited 300 s when the outage began, 600 s ago; the outage does not count
    [InlineData(2500, 2500)] // it had waited 1900 s: long enough to fire at the next evaluation
    [InlineData(2000, 1200)] // it had waited 1400 s; the 400 s left are less than the grace of 600 s
    public async Task Restart_LongPending_GetsItsTimeBack(double activeAgo, double waited)
    {
        const double downAgo = 600;
        Load(Rule("Slow", "e") with { For = TimeSpan.FromSeconds(1800) });
        _engine.Answer("e", (s_gpu, 1));
        _engine.Answer("ALERTS_FOR_STATE{alertname=\"Slow\"}[3600s]", new QueryResult
        {
            Kind = QueryResultKind.Matrix,
            Matrix =
            [
                new SeriesRange(
                    Labels(("__name__", "ALERTS_FOR_STATE"), ("alertname", "Slow"), ("gpu", "5"), ("node", "node-003")),
                    [new Sample(At(-downAgo).ToUnixTimeMilliseconds(), At(-activeAgo).ToUnixTimeSeconds())]),
            ],
        });
        await StepAsync(-10);
        Assert.Empty(_appender.Batches);
        await StepAsync(0);
        var active = Assert.Single(_evaluator.ActiveAlerts);
        Assert.Equal((RuleState.Pending, At(-waited)), (active.State, active.ActiveAt));
        // It fires at the first evaluation at which the whole time has passed, and its restored time is what it writes.
        await StepAsync(10);
        Assert.Equal(waited + 10 >= 1800 ? RuleState.Firing : RuleState.Pending, Assert.Single(_evaluator.ActiveAlerts).State);
        Assert.Contains($" {At(-waited).ToUnixTimeSeconds()}", _appender.Last[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_OverTheStoredSeries_OutageDoesNotCount()
    {
        await using var store = new SeriesStore(new MetricsOptions());
        var rule = Rule("Slow", "vector(1)") with { For = TimeSpan.FromSeconds(1800), Labels = Labels(("severity", "warning")) };
        var before = new RuleEvaluator(new EmbeddedQueryEngine(store), store, _output, new RuleOptions(), Quiet<RuleEvaluator>());
        Assert.Empty(before.Reload([Group(rule)]));
        for (var second = 0; second <= 900; second += 10)
            await before.EvaluateDueAsync(At(second), default);

        // Away for 2,000 s, then one evaluation without a word, and the next with the time back.
        var after = new RuleEvaluator(new EmbeddedQueryEngine(store), store, _output, new RuleOptions(), Quiet<RuleEvaluator>());
        Assert.Empty(after.Reload([Group(rule)]));
        await after.EvaluateDueAsync(At(2890), default);
        await after.EvaluateDueAsync(At(2900), default);

        // Active since 0, last written at 900: the 2,000 s until now do not count.
        Assert.Equal(At(2000), Assert.Single(after.ActiveAlerts).ActiveAt);
        for (var second = 2910; second < 3800; second += 10)
            await after.EvaluateDueAsync(At(second), default);
        Assert.Empty(_output.Alerts);
        await after.EvaluateDueAsync(At(3800), default);
        Assert.Equal(["Slow Firing"], _output.Drain());
    }

    [Fact]
    public async Task Restart_AfterMoreThanTheTolerance_StartsAnew()
    {
        await using var store = new SeriesStore(new MetricsOptions());
        var rule = Rule("Slow", "vector(1)") with { For = TimeSpan.FromSeconds(1800) };
        foreach (var start in new[] { 0, 4510 })
        {
            var evaluator = new RuleEvaluator(new EmbeddedQueryEngine(store), store, _output, new RuleOptions(), Quiet<RuleEvaluator>());
            Assert.Empty(evaluator.Reload([Group(rule)]));
            for (var second = start; second <= start + 900; second += 10)
                await evaluator.EvaluateDueAsync(At(second), default);
            Assert.Equal(At(start), Assert.Single(evaluator.ActiveAlerts).ActiveAt);
        }
    }

    [Fact]
    public async Task Restart_AlertWasNotActive_StartsAnew()
    {
        Load(Rule("Slow", "e") with { For = TimeSpan.FromSeconds(1800) });
        _engine.Answer("e", (s_gpu, 1));
        _engine.Answer("ALERTS_FOR_STATE{alertname=\"Slow\"}[3600s]", new QueryResult
        {
            Kind = QueryResultKind.Matrix,
            Matrix = [new SeriesRange(Labels(("__name__", "ALERTS_FOR_STATE"), ("alertname", "Slow"), ("gpu", "5"), ("node", "node-003")), [new Sample(At(-600).ToUnixTimeMilliseconds(), StaleMarker.Value)])],
        });
        await StepAsync(0);
        await StepAsync(10);
        Assert.Equal(At(0), Assert.Single(_evaluator.ActiveAlerts).ActiveAt);
    }

    [Fact]
    public async Task ShortPending_IsNotRestored_AndWritesAtOnce()
    {
        Load(Rule("Quick", "e") with { For = TimeSpan.FromSeconds(599) });
        _engine.Answer("e", (s_gpu, 1));
        await StepAsync(0);
        await StepAsync(10);
        Assert.Equal(["e", "e"], _engine.Asked.Select(asked => asked.Expression));
        Assert.Equal(2, _appender.Batches.Count);
    }

    private void Load(params RuleSpec[] rules) => Assert.Empty(_evaluator.Reload([Group(rules)]));

    private Task StepAsync(double second) => _evaluator.EvaluateDueAsync(At(second), CancellationToken.None);
}
