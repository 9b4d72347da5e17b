using Observability.Incidents.Tests.Correlation;
using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests.Standings;

/// <summary>What is in shadow is listed, and changes nothing of what it is listed with.</summary>
public sealed class ShadowCorrelationTests
{
    private readonly TopologyView _view = Fleets.View(4, 8, ("llm", 0, 4));

    [Fact]
    public void CriticalCauseInShadow_OpensNothing()
    {
        var run = new Correlate(new IncidentsOptions(), _view);

        Assert.Empty(run.Process(Shadow(Make.Vanished(Fleets.Gpu(0, 1), 0)), Make.At(0)));
        Assert.Empty(run.Advance(Make.At(120)));
    }

    [Fact]
    public void InShadow_JoinsAndLeavesSeverityEntitiesAndEndAsTheyAre()
    {
        var run = new Correlate(new IncidentsOptions(), _view);
        var warning = Make.NicErrors(Fleets.Nic(0, 1), 0);
        var opened = Assert.Single(run.Process(Make.Fires(warning), Make.At(0))).Incident;

        var joined = Assert.Single(run.Process(Shadow(Make.Vanished(Fleets.Gpu(0, 1), 5)), Make.At(5)));

        Assert.Equal(IncidentChangeKind.AlertJoined, joined.Kind);
        Assert.Equal(
            (opened.Severity, opened.EntityCount, string.Join(',', opened.Jobs), 2),
            (joined.Incident.Severity, joined.Incident.EntityCount, string.Join(',', joined.Incident.Jobs), joined.Incident.AlertCount));
        Assert.NotNull(run.Process(Make.Ends(warning, 30), Make.At(30)).ToArray());
        Assert.Contains(Enumerable.Range(31, 200).SelectMany(second => run.Advance(Make.At(second))), change => change.Kind == IncidentChangeKind.Resolved);
    }

    [Fact]
    public void InShadow_WaitsForTheIncidentThatBearsItOut()
    {
        var run = new Correlate(new IncidentsOptions(), _view);
        Assert.NotNull(run.Process(Shadow(Make.Throttle(Fleets.Gpu(0, 1), 0)), Make.At(0)).ToArray());
        Assert.NotNull(run.Process(Make.Fires(Make.Vanished(Fleets.Gpu(0, 1), 20)), Make.At(20)).ToArray());

        var joined = Assert.Single(Enumerable.Range(21, 60).SelectMany(second => run.Advance(Make.At(second))), change => change.Kind == IncidentChangeKind.AlertJoined);

        Assert.Equal("GpuThermalThrottle", joined.Alert!.Alert.Name);
    }

    [Fact]
    public void InShadow_MergesNothingThatTheSameAlertInFullForceMerges()
    {
        int Merges(bool isShadow)
        {
            var run = new Correlate(new IncidentsOptions(), Fleets.View(64, 8, ("a", 0, 20), ("b", 20, 20)));
            var changes = run.Process(Make.Fires(Make.Stalled("b", 0)), Make.At(0)).ToList();
            changes.AddRange(run.Process(Make.Fires(Make.LinkDown(Fleets.Nic(5, 0), 10)), Make.At(10)));
            var connecting = Make.Fires(Make.LinkDown(Fleets.Nic(21, 0), 11));
            changes.AddRange(run.Process(connecting with { IsShadow = isShadow }, Make.At(11)));
            return changes.Count(change => change.Kind == IncidentChangeKind.Merged);
        }

        Assert.Equal((0, Merges(isShadow: false)), (Merges(isShadow: true), 1));
    }

    [Fact]
    public void CauseInShadow_InhibitsNobody()
    {
        var stage = new Inhibit(_view);
        var symptom = Make.StepSlow("llm", 5);

        Assert.Single(stage.Process(Shadow(Make.Vanished(Fleets.Gpu(0, 1), 0)), Make.At(0)));
        Assert.True(Assert.Single(stage.Process(Make.Fires(symptom), Make.At(5))).IsLoud);
        Assert.Single(stage.Process(Make.Fires(Make.Vanished(Fleets.Gpu(0, 2), 6)), Make.At(6)));
        Assert.False(Assert.Single(stage.Process(Make.Fires(Make.StepSlow("llm", 7)), Make.At(7))).IsLoud);
    }

    [Fact]
    public void InShadow_IsNoFeatureOfTheVerdict()
    {
        Verdict? Judge(bool withShadow)
        {
            var correlate = new Correlate(new IncidentsOptions(), _view);
            var rank = new RankCauses(new IncidentsOptions(), _view, CauseModel.Shipped());
            var changes = correlate.Process(Make.Fires(Make.NicErrors(Fleets.Nic(0, 1), 0)), Make.At(0)).ToList();
            if (withShadow)
                changes.AddRange(correlate.Process(Shadow(Make.Vanished(Fleets.Gpu(0, 1), 1)), Make.At(1)));
            changes.AddRange(Enumerable.Range(2, 30).SelectMany(second => correlate.Advance(Make.At(second))));
            return changes.SelectMany(change => rank.Process(change, change.At)).Last(change => change.Kind == IncidentChangeKind.VerdictReached).Incident.Verdict;
        }

        var (with, without) = (Judge(withShadow: true)!, Judge(withShadow: false)!);
        Assert.Equal((without.Entity, without.FaultClass, without.Confidence, without.Causes.Length), (with.Entity, with.FaultClass, with.Confidence, with.Causes.Length));
    }

    [Fact]
    public void Regrouping_NeverLeavesAnIncidentOfShadowsAlone()
    {
        // Four nodes say the same, so what two incidents held becomes the job's; what is in shadow goes along.
        var run = new Correlator(_view);
        var changes = new List<IncidentChange>();
        Alert Idle(int node, double at) => Make.Alert(Fleets.Gpu(node, 0), "GpuIdle", (FaultClass.Unknown, "warning"), at);
        changes.AddRange(run.Stage.Process(Make.Fires(Idle(0, 200)), Make.At(200)));
        changes.AddRange(run.Stage.Process(Shadow(Make.Throttle(Fleets.Gpu(0, 0), 201)), Make.At(201)));
        for (var node = 1; node < 4; node++)
            changes.AddRange(run.Stage.Process(Make.Fires(Idle(node, 200 + node)), Make.At(201 + node)));
        changes.AddRange(Enumerable.Range(206, 60).SelectMany(second => run.Stage.Advance(Make.At(second))));

        var open = changes.Select(change => change.Incident).GroupBy(incident => incident.Id).Select(group => group.Last()).Where(incident => incident.State != IncidentState.Merged).ToArray();
        Assert.Equal(5, Assert.Single(open).AlertCount);
    }

    private static ScreenedAlert Shadow(Alert alert) => Make.Fires(alert) with { IsShadow = true };
}
