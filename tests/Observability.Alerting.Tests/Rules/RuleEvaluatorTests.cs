using Observability.Metrics;
using Observability.Model;
using static Observability.Alerting.Tests.World;

namespace Observability.Alerting.Tests;

public sealed class RuleEvaluatorTests
{
    private static readonly LabelSet s_gpu = Labels(("__name__", "temp"), ("gpu", "5"), ("node", "node-003"));

    private readonly ScriptedEngine _engine = new();
    private readonly RecordingAppender _appender = new();
    private readonly RecordingOutput _output = new();
    private readonly RuleEvaluator _evaluator;

    public RuleEvaluatorTests() =>
        _evaluator = new RuleEvaluator(_engine, _appender, _output, new RuleOptions { ExternalUrl = "http://o" }, Quiet<RuleEvaluator>());

    [Fact]
    public async Task Alert_ConditionHolds_GoesPendingThenFiringThenResolved()
    {
        Load(Rule("Hot", "temp > 85") with
        {
            For = TimeSpan.FromSeconds(20),
            Labels = Labels(("severity", "warning"), ("entity", "gpu:{{ $labels.gpu }}")),
            Annotations = Labels(("summary", "{{ $value }} °C")),
        });
        _engine.Answer("temp > 85", (s_gpu, 89));

        await StepAsync(0);
        Assert.Equal(
            [
                "ALERTS{alertname=\"Hot\", alertstate=\"pending\", entity=\"gpu:5\", gpu=\"5\", node=\"node-003\", severity=\"warning\"} 1",
                "ALERTS_FOR_STATE{alertname=\"Hot\", entity=\"gpu:5\", gpu=\"5\", node=\"node-003\", severity=\"warning\"} 1800000000",
            ],
            _appender.Last);
        await StepAsync(10);
        Assert.Empty(_output.Alerts);
        Assert.Equal(RuleState.Pending, Assert.Single(_evaluator.ActiveAlerts).State);

        await StepAsync(20);
        var labels = Labels(("alertname", "Hot"), ("entity", "gpu:5"), ("gpu", "5"), ("node", "node-003"), ("severity", "warning"));
        var fired = Assert.Single(_output.Alerts);
        Assert.Equal(labels, fired.Labels);
        Assert.Equal((AlertState.Firing, At(20), At(20), At(260)), (fired.State, fired.StartsAt, fired.UpdatedAt, fired.EndsAt!.Value));
        Assert.Equal(Labels(("summary", "89 °C")), fired.Annotations);
        Assert.Equal("http://o/graph?g0.expr=temp+%3E+85&g0.tab=1", fired.GeneratorUrl);
        Assert.Equal(
            [
                new Evidence(EvidenceKind.Sample, "Hot = 89, holds since 2027-01-15 08:00:00Z (rules/t.yaml:7)", "temp > 85", At(20)) { Value = 89 },
                new Evidence(EvidenceKind.Rule, "rule Hot of group g, for 20 s", "rules/t.yaml:7", At(20)),
            ],
            fired.Evidence);
        Assert.Equal(
            [
                "ALERTS{alertname=\"Hot\", alertstate=\"firing\", entity=\"gpu:5\", gpu=\"5\", node=\"node-003\", severity=\"warning\"} 1",
                "ALERTS_FOR_STATE{alertname=\"Hot\", entity=\"gpu:5\", gpu=\"5\", node=\"node-003\", severity=\"warning\"} 1800000000",
                "ALERTS{alertname=\"Hot\", alertstate=\"pending\", entity=\"gpu:5\", gpu=\"5\", node=\"node-003\", severity=\"warning\"} stale",
            ],
            _appender.Last);

        _engine.Answer("temp > 85");
        await StepAsync(30);
        Assert.Equal((AlertState.Resolved, At(20), At(30)), (_output.Last.State, _output.Last.StartsAt, _output.Last.EndsAt!.Value));
        Assert.Equal(2, _output.Alerts.Count);
        Assert.All(_appender.Last, text => Assert.EndsWith("stale", text, StringComparison.Ordinal));
        Assert.Empty(_evaluator.ActiveAlerts);
    }

    [Fact]
    public async Task Alert_StaysFiring_IsPostedEachMinuteWithTheSameStart()
    {
        Load(Rule("Hot", "e"));
        _engine.Answer("e", (s_gpu, 1));
        for (var second = 0; second <= 130; second += 10)
            await StepAsync(second);
        Assert.Equal([At(0), At(60), At(120)], _output.Alerts.Select(alert => alert.UpdatedAt));
        Assert.Equal([At(0)], _output.Alerts.Select(alert => alert.StartsAt).Distinct());
    }

    [Fact]
    public async Task Alert_PendingAndGone_IsNeverPosted()
    {
        Load(Rule("Hot", "e") with { For = TimeSpan.FromSeconds(20) });
        _engine.Answer("e", (s_gpu, 1));
        await StepAsync(0);
        _engine.Answer("e");
        await StepAsync(10);
        _engine.Answer("e", (s_gpu, 1));
        await StepAsync(20);
        Assert.Empty(_output.Alerts);
        Assert.Equal(At(20), Assert.Single(_evaluator.ActiveAlerts).ActiveAt);
    }

    [Fact]
    public async Task KeepFiringFor_ConditionEnds_KeepsFiringThatLong()
    {
        Load(Rule("Hot", "e") with { KeepFiringFor = TimeSpan.FromSeconds(20) });
        _engine.Answer("e", (s_gpu, 1));
        await StepAsync(0);
        _engine.Answer("e");
        await StepAsync(10);
        await StepAsync(20);
        Assert.Equal((RuleState.Firing, At(10)), (_evaluator.ActiveAlerts[0].State, _evaluator.ActiveAlerts[0].KeepFiringSince!.Value));
        await StepAsync(30);
        Assert.Equal(["Hot Firing", "Hot Resolved"], _output.Drain());
    }

    [Fact]
    public async Task QueryFails_RuleKeepsItsAlertsAndShowsTheError()
    {
        Load(Rule("Hot", "e"), Rule("Next", "n"));
        _engine.Answer("e", (s_gpu, 1));
        _engine.Answer("n", (s_gpu, 1));
        await StepAsync(0);
        _engine.Answer("e", QueryResult.Failed("execution", "boom"));
        await StepAsync(10);
        var rules = _evaluator.Groups[0].Rules;
        Assert.Equal((RuleHealth.Err, "boom", RuleState.Firing, 1L), (rules[0].Health, rules[0].LastError, rules[0].State, rules[0].Failures));
        Assert.Equal((RuleHealth.Ok, ""), (rules[1].Health, rules[1].LastError));
        Assert.Equal(["Hot Firing", "Next Firing"], _output.Drain());
    }

    [Fact]
    public async Task TwoElements_SameLabelsAfterTheRule_IsAnError()
    {
        Load(Rule("Hot", "e") with { Labels = Labels(("gpu", "any")) });
        _engine.Answer("e", (Labels(("gpu", "1")), 1), (Labels(("gpu", "2")), 1));
        await StepAsync(0);
        Assert.Equal("vector contains metrics with the same labelset after applying alert labels", _evaluator.Groups[0].Rules[0].LastError);
        Assert.Empty(_output.Alerts);
        Assert.Empty(_appender.Batches);
    }

    [Theory]
    [InlineData(2, "")]
    [InlineData(1, "exceeded limit of 1 with 2 alerts")]
    public async Task Limit_Elements_AtLimitFinePastLimitAllDropped(int limit, string error)
    {
        Assert.Empty(_evaluator.Reload([Group(Rule("Hot", "e")) with { Limit = limit }]));
        _engine.Answer("e", (Labels(("gpu", "1")), 1), (Labels(("gpu", "2")), 1));
        await StepAsync(0);
        Assert.Equal(error, _evaluator.Groups[0].Rules[0].LastError);
        Assert.Equal(error.Length == 0 ? 2 : 0, _evaluator.ActiveAlerts.Count);
    }

    [Fact]
    public async Task QueryOffset_ShiftsQueryAndSamplesOnly()
    {
        Assert.Empty(_evaluator.Reload([Group(Rule("Hot", "e")) with { QueryOffset = TimeSpan.FromSeconds(30) }]));
        _engine.Answer("e", (s_gpu, 1));
        await StepAsync(0);
        Assert.Equal(("e", At(-30)), Assert.Single(_engine.Asked));
        Assert.Equal(At(-30).ToUnixTimeMilliseconds(), _appender.Batches[0].Samples[0].Sample.UnixMilliseconds);
        Assert.Equal(At(0), _output.Last.StartsAt);
    }

    [Fact]
    public async Task RecordingRule_SeriesVanishes_IsRenamedAndMarkedStale()
    {
        Load(Rule("node:temp:max", "max by (node) (temp)") with { IsAlert = false, Labels = Labels(("site", "a")) });
        _engine.Answer("max by (node) (temp)", (Labels(("__name__", "temp"), ("node", "a")), 1), (Labels(("node", "b")), 2));
        await StepAsync(0);
        Assert.Equal(["node:temp:max{node=\"a\", site=\"a\"} 1", "node:temp:max{node=\"b\", site=\"a\"} 2"], _appender.Last);
        _engine.Answer("max by (node) (temp)", (Labels(("node", "b")), 3));
        await StepAsync(10);
        Assert.Equal(["node:temp:max{node=\"b\", site=\"a\"} 3", "node:temp:max{node=\"a\", site=\"a\"} stale"], _appender.Last);
        Assert.Equal("rules:rules/t.yaml;g", _appender.Batches[0].Source);
    }

    [Fact]
    public async Task Scalar_BecomesOneElementWithoutLabels()
    {
        Load(Rule("one", "1") with { IsAlert = false }, Rule("text", "\"x\"") with { IsAlert = false });
        _engine.Answer("1", new QueryResult { Kind = QueryResultKind.Scalar, Scalar = new Sample(0, 1) });
        _engine.Answer("\"x\"", new QueryResult { Kind = QueryResultKind.Text, Text = "x" });
        await StepAsync(0);
        Assert.Equal(["one{} 1"], _appender.Last);
        Assert.Equal("rule result is not a vector or scalar", _evaluator.Groups[0].Rules[1].LastError);
    }

    [Fact]
    public async Task Template_Fails_CostsItsTextNotTheAlert()
    {
        Load(Rule("Hot", "e") with { Annotations = Labels(("summary", "{{ query \"none\" | first }}")) });
        _engine.Answer("e", (s_gpu, 1));
        await StepAsync(0);
        Assert.Equal(
            "<error expanding template: line 1: error calling first: first() called on vector with no elements>",
            _output.Last.Annotations["summary"]);
    }

    [Fact]
    public async Task Grid_CalledLateAndOften_EvaluatesOncePerSlotAndCountsMissed()
    {
        Load(Rule("Hot", "e"));
        foreach (var second in new[] { 3.0, 4, 9.9, 10, 15, 47 })
            await _evaluator.EvaluateDueAsync(At(second), default);
        Assert.Equal([At(0), At(10), At(40)], _engine.Asked.Select(asked => asked.At));
        Assert.Equal((2L, At(40)), (_evaluator.Groups[0].MissedIterations, _evaluator.Groups[0].LastEvaluation!.Value));
    }

    [Fact]
    public async Task EvaluateAll_AnyInterval_EvaluatesEveryGroupAtThatTime()
    {
        Assert.Empty(_evaluator.Reload([Group(Rule("Hot", "e")) with { Interval = TimeSpan.FromMinutes(5) }]));
        await _evaluator.EvaluateAllAsync(At(7), default);
        await _evaluator.EvaluateAllAsync(At(17), default);
        Assert.Equal([At(7), At(17)], _engine.Asked.Select(asked => asked.At));
    }

    [Fact]
    public async Task Reload_RuleStaysOrGoes_KeepsItsAlertOrEndsIt()
    {
        Load(Rule("Stays", "s"), Rule("Goes", "g"));
        _engine.Answer("s", (s_gpu, 1));
        _engine.Answer("g", (s_gpu, 1));
        await StepAsync(0);
        _output.Drain();

        Load(Rule("New", "n"), Rule("Stays", "s") with { Source = new SourceLine("rules/t.yaml", 99) });
        Assert.Equal("Stays", Assert.Single(_evaluator.ActiveAlerts).Labels["alertname"]);
        await StepAsync(10);
        Assert.Equal(["Goes Resolved"], _output.Drain());
        Assert.Equal(At(0), Assert.Single(_evaluator.ActiveAlerts).ActiveAt);
    }

    [Fact]
    public async Task Reload_AnyFault_ReportsAllAndChangesNothing()
    {
        Load(Rule("Hot", "e"));
        var bad = Rule("Bad", "e") with { Annotations = Labels(("summary", "{{ $nope }}")) };
        var findings = _evaluator.Reload([Group(bad), Group(Rule("Other", "e")) with { Interval = TimeSpan.Zero }]);
        Assert.Equal(
            [
                "rules/t.yaml:7: rule Bad: annotation \"summary\": line 1: undefined variable $nope",
                "rules/t.yaml:3: group g: interval 00:00:00 must be longer than 0s",
                "rules/t.yaml:3: groupname: \"g\" is repeated in the same file; rename one",
            ],
            findings.Select(finding => finding.ToString()));
        await StepAsync(0);
        Assert.Equal(["Hot"], _evaluator.Groups[0].Rules.Select(rule => rule.Rule.Name));
    }

    [Fact]
    public async Task Limit_Exceeded_WritesNoStaleMarkersAndEndsNothing()
    {
        Assert.Empty(_evaluator.Reload([Group(Rule("r", "e") with { IsAlert = false }) with { Limit = 1 }]));
        _engine.Answer("e", (Labels(("gpu", "1")), 1));
        await StepAsync(0);
        _engine.Answer("e", (Labels(("gpu", "1")), 1), (Labels(("gpu", "2")), 1));
        await StepAsync(10);
        Assert.Single(_appender.Batches);
        Assert.Equal("exceeded limit of 1 with 2 series", _evaluator.Groups[0].Rules[0].LastError);
        _engine.Answer("e", (Labels(("gpu", "2")), 1));
        await StepAsync(20);
        Assert.Equal(["r{gpu=\"2\"} 1", "r{gpu=\"1\"} stale"], _appender.Last);
    }

    [Fact]
    public async Task Groups_ThatDependOnEachOther_KeepTheirOrder_OthersRunBesideThem()
    {
        await using var store = new SeriesStore(new MetricsOptions());
        var evaluator = new RuleEvaluator(new EmbeddedQueryEngine(store), store, _output, new RuleOptions { Concurrency = 8 }, Quiet<RuleEvaluator>());
        var chain = Enumerable.Range(1, 30).Select(i => Group(
            Rule($"chain:{i}", i == 1 ? "vector(1)" : $"chain:{i - 1} + 1") with { IsAlert = false },
            Rule($"Alert{i}", $"chain:{i} > 0")) with
        { Name = $"g{i:00}" });
        var apart = Enumerable.Range(1, 30).Select(i => Group(Rule($"Apart{i}", $"vector({i})")) with { Name = $"h{i:00}" });
        Assert.Empty(evaluator.Reload([.. chain, .. apart]));

        await evaluator.EvaluateDueAsync(At(0), CancellationToken.None);

        var last = await new EmbeddedQueryEngine(store).QueryAsync("chain:30", At(0), CancellationToken.None);
        Assert.Equal(30, Assert.Single(last.Vector).Sample.Value);
        Assert.Equal([.. Enumerable.Range(1, 30).Select(i => $"Alert{i} Firing"), .. Enumerable.Range(1, 30).Select(i => $"Apart{i} Firing")], _output.Drain());
    }

    [Fact]
    public async Task AlertsSeries_IsVisibleToLaterRulesOfTheSameCycle()
    {
        await using var store = new SeriesStore(new MetricsOptions());
        var evaluator = new RuleEvaluator(new EmbeddedQueryEngine(store), store, _output, new RuleOptions(), Quiet<RuleEvaluator>());
        Assert.Empty(evaluator.Reload([Group(Rule("First", "vector(1)"), Rule("Second", "ALERTS{alertname=\"First\", alertstate=\"firing\"}"))]));

        await evaluator.EvaluateDueAsync(At(0), CancellationToken.None);

        Assert.Equal(["First Firing", "Second Firing"], _output.Drain());
    }

    private void Load(params RuleSpec[] rules) => Assert.Empty(_evaluator.Reload([Group(rules)]));

    private Task StepAsync(double second) => _evaluator.EvaluateDueAsync(At(second), CancellationToken.None);
}
