using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests.Correlation;

public sealed class ChorusTests
{
    private readonly TopologyView _view = Fleets.View(64, 8, ("a", 0, 20), ("b", 20, 2), ("c", 22, 20));

    [Fact]
    public void MostNodesOfAJobSayTheSame_IsWhatTheFaultOfTheJobDoes()
    {
        // Each idle node was an incident of its own beside the GPU that stopped them all.
        var run = new Correlator(_view).Fire(Make.Xid79(Fleets.Gpu(3, 1), 0)).Fire(Idle(0, 20, 15)).Until(60);

        Assert.Equal(21, Assert.Single(run.Members).Value.Count);
        Assert.Contains(run.Changes, change => change.Reason == "GpuIdle: most nodes of its job say the same");
        Assert.Contains(run.Changes, change => change.Kind == IncidentChangeKind.Merged);
    }

    [Fact]
    public void MostNodesSayTheSameAndNobodyKnowsWhy_IsOneIncidentThatALateCauseJoins()
    {
        var run = new Correlator(_view).Fire(Idle(0, 20, 0)).Until(40);
        Assert.Equal(20, Assert.Single(run.Members).Value.Count);

        run.Fire(Make.Vanished(Fleets.Gpu(7, 0), 45), Make.Stalled("a", 50));
        Assert.Equal(22, Assert.Single(run.Members).Value.Count);
    }

    [Fact]
    public void FewNodesSayTheSame_SpeakForThemselves()
    {
        var run = new Correlator(_view).Fire(Make.Xid79(Fleets.Gpu(9, 1), 0)).Fire(Idle(0, 3, 15)).Until(60);

        Assert.Equal(["xid:79@gpu:GPU-009-1"], run.Members.Values.Single(group => group.Count == 1));
        Assert.DoesNotContain(run.Changes, change => change.Reason.Contains("most nodes", StringComparison.Ordinal));
    }

    [Fact]
    public void AllNodesOfASmallJobSayTheSame_IsTheJobs() =>
        Assert.Single(new Correlator(_view).Fire(Make.Xid79(Fleets.Gpu(20, 1), 0)).Fire(Idle(20, 2, 15)).Until(60).Members);

    [Fact]
    public void TwoJobsWaitAtOnce_StayApart()
    {
        var run = new Correlator(_view).Fire(Make.Xid79(Fleets.Gpu(3, 1), 0), Make.Xid79(Fleets.Gpu(30, 1), 1)).Fire(Idle(0, 20, 15).Concat(Idle(22, 20, 15))).Until(60);

        Assert.Equal([21, 21], run.Members.Values.Select(group => group.Count));
    }

    [Fact]
    public void CausesOnMostNodes_AreFaultsOfTheirOwn()
    {
        var run = new Correlator(_view).Fire(Enumerable.Range(0, 20).Select(node => Make.Vanished(Fleets.Gpu(node, 0), node * 0.1))).Until(60);

        Assert.Equal(20, run.Members.Count);
    }

    [Fact]
    public void WhatElseANodeShows_StaysWhereItWas()
    {
        // A warm GPU opened an incident before its node fell idle with all others.
        var warm = Make.Alert(Fleets.Gpu(5, 2), "GpuHot", (FaultClass.ThermalThrottle, "warning"), 0);
        var run = new Correlator(_view).Fire(warm).Until(200).Fire(Make.Xid79(Fleets.Gpu(3, 1), 201)).Fire(Idle(0, 20, 215)).Until(260);

        Assert.Equal(["GpuHot@gpu:GPU-005-2"], run.Members.Values.Single(group => group.Count < 5));
        Assert.Equal(21, run.Members.Values.Single(group => group.Count > 5).Count);
    }

    [Fact]
    public void WaitOfAMinuteAgo_DoesNotCountWithThatOfNow()
    {
        // Half of the nodes, but never half at the same time.
        var run = new Correlator(_view).Fire(Make.Xid79(Fleets.Gpu(19, 1), 0)).Fire(Idle(0, 6, 10)).Fire(Idle(6, 6, 400)).Until(460);

        Assert.DoesNotContain(run.Changes, change => change.Reason.Contains("most nodes", StringComparison.Ordinal));
    }

    private static IEnumerable<Alert> Idle(int first, int nodes, double at) =>
        Enumerable.Range(0, nodes).Select(n => Make.Alert(Fleets.Gpu(first + n, n % 8), "GpuIdle", (FaultClass.Unknown, "warning"), at + (n * 0.2)));
}
