using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests.Correlation;

/// <summary>A change opens nothing, widens nothing and connects nothing; it belongs to what began after it where it was made.</summary>
public sealed class ChangeTests
{
    private readonly TopologyView _view = Fleets.View(64, 8, ("a", 0, 20), ("b", 20, 20));

    [Fact]
    public void ChangeAlone_IsNoIncident() => Assert.Empty(new Correlator(_view).Fire(Make.Changed(Make.Job("a"), 0), Make.Changed(Make.Node(3), 1, "driver")).Until(300).Groups);

    [Fact]
    public void WhatBeginsAfterItAtTheSameJob_TakesItInWhenItIsJudged()
    {
        var run = new Correlator(_view).Fire(Make.Changed(Make.Job("a"), 0), Make.Stalled("a", 600), Make.Stalled("b", 610)).Until(700);

        Assert.Equal(["JobStalled@job:a change:deploy@job:a", "JobStalled@job:b"], run.Groups);
        var joined = run.Changes.Single(change => change.Alert?.Alert.IsChange == true);
        Assert.Equal((IncidentChangeKind.AlertJoined, "change:deploy: a was changed 10 min before"), (joined.Kind, joined.Reason));
        Assert.Equal(Make.At(600), joined.Incident.StartedAt);
    }

    [Fact]
    public void ChangeThatOneIncidentHas_MayExplainTheNextAsWell()
    {
        var (change, absent) = (Make.Changed(Make.Job("a"), 0), Make.Absent("a", 45));
        var run = new Correlator(_view).Fire(change, absent).Until(90).End(absent, 90).Until(300).Fire(Make.Stalled("a", 1_200)).Until(1_300);

        Assert.Equal(["JobMetricsAbsent@job:a change:deploy@job:a", "JobStalled@job:a change:deploy@job:a"], run.Groups);
        run.End(change, 1_310);
        Assert.Equal(("INC-000002", 1), (run.Changes[^1].Incident.Id, run.Changes[^1].Incident.FiringCount));
    }

    [Theory]
    [InlineData(601, 600)] // after the first sign: somebody tries to mend it
    [InlineData(0, 3_601)] // too long ago
    public void ChangeThatCannotBeTheReason_StaysOut(double changed, double shown) =>
        Assert.Equal(["JobStalled@job:a"], new Correlator(_view).Fire(Make.Changed(Make.Job("a"), changed), Make.Stalled("a", shown)).Until(3_700).Groups);

    [Fact]
    public void AnnouncedLate_JoinsAnIncidentThatIsJudgedAlready_AndItIsJudgedAnew()
    {
        var run = new Correlator(_view).Fire(Make.Stalled("a", 60)).Until(120).FireAt(120, [Make.Changed(Make.Job("a"), 10)]).Until(140);

        Assert.Equal(["JobStalled@job:a change:deploy@job:a"], run.Groups);
        Assert.Equal(2, run.Changes.Count(change => change.Kind == IncidentChangeKind.Settled));
    }

    [Fact]
    public void ChangeThatIsForgotten_ExplainsNothing()
    {
        var change = Make.Changed(Make.Job("a"), 0);

        Assert.Equal(["JobStalled@job:a"], new Correlator(_view).Fire(change).End(change, 50).Fire(Make.Stalled("a", 60)).Until(120).Groups);
    }

    [Fact]
    public void ChangeOfANode_GoesWithItsJobsTrouble_UnlessThatHasACauseElsewhere()
    {
        Assert.Equal(
            ["JobStepSlow@job:a change:driver@node:node-003"],
            new Correlator(_view).Fire(Make.Changed(Make.Node(3), 0, "driver"), Make.StepSlow("a", 60)).Until(120).Groups);
        Assert.Equal(
            ["GpuThermalThrottle@gpu:GPU-007-1 JobStepSlow@job:a"],
            new Correlator(_view).Fire(Make.Changed(Make.Node(3), 0, "driver"), Make.Throttle(Fleets.Gpu(7, 1), 50), Make.StepSlow("a", 60)).Until(120).Groups);
        Assert.Equal(
            ["GpuThermalThrottle@gpu:GPU-003-1 change:driver@node:node-003"],
            new Correlator(_view).Fire(Make.Changed(Make.Node(3), 0, "driver"), Make.Throttle(Fleets.Gpu(3, 1), 50)).Until(120).Groups);
    }

    [Fact]
    public void ChangeOfANode_ConnectsNothing_AndMayExplainEachOfThem()
    {
        var run = new Correlator(_view).Fire(
            Make.Changed(Make.Node(3), 0, "driver"), Make.StepSlow("a", 60), Make.Silent(Make.Monitor(3), 100), Make.Xid79(Fleets.Gpu(3, 1), 400)).Until(500);

        Assert.Equal(
            ["JobStepSlow@job:a change:driver@node:node-003", "MonitorDown@monitor:node-003/dcgm change:driver@node:node-003", "change:driver@node:node-003 xid:79@gpu:GPU-003-1"],
            run.Groups);
    }

    [Fact]
    public void ChangeOfAService_GoesWithItselfAndWithThoseThatCallIt()
    {
        var shop = Make.Shop(("front", "cart"), ("cart", "db"), ("front", "mail"));

        Assert.Equal(
            ["Slow@service:front change:deploy@service:db"],
            new Correlator(shop).Fire(Make.Changed(Make.Service("db"), 0), Make.Changed(Make.Service("elsewhere"), 0), Make.Slow("front", 60)).Until(120).Groups);
        // Trouble goes up to the callers: what was changed above explains nothing below.
        Assert.Equal(["Slow@service:db"], new Correlator(shop).Fire(Make.Changed(Make.Service("front"), 0), Make.Slow("db", 60)).Until(120).Groups);
    }
}
