using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests.Correlation;

/// <summary>What belongs to a leaf switch, and what to a node that hangs on it.</summary>
public sealed class LeafTests
{
    private readonly TopologyView _view = Fleets.View(64, 8, ("a", 0, 20), ("b", 20, 20));

    [Fact]
    public void TwoNodesOfOneLeafLosePackets_AreAnIncidentAsLongAsTheyDo()
    {
        var (first, second) = (Lossy(1, 4, 0), Lossy(4, 4, 30));
        var run = new Correlator(_view).Fire(first, second).Until(150);

        var (id, alerts) = Assert.Single(run.Members);
        Assert.Equal(["NicSequenceErrors@nic:node-001/mlx5_4", "NicSequenceErrors@nic:node-004/mlx5_4"], alerts);
        Assert.Equal(("warning", IncidentState.Open), (run.Last(id).Incident.Severity, run.Last(id).Incident.State));
        Assert.Equal(IncidentState.Resolved, run.End(first, 150).End(second, 151).Until(220).Last(id).Incident.State);
    }

    [Theory]
    [InlineData(1, 5)] // another adapter of the node, on another leaf
    [InlineData(4, 5)] // another node, on another leaf
    [InlineData(40, 4)] // the same rail of another unit
    public void LossElsewhere_BearsNothingOut(int node, int nic) =>
        Assert.Empty(new Correlator(_view).Fire(Lossy(1, 4, 0), Lossy(node, nic, 10)).Until(60).Members);

    /// <summary>Node 30 works for another job, or for none, and hangs on the leaf that carries job a's traffic.</summary>
    [Theory]
    [InlineData(0, 20)]
    [InlineData(20, 0)] // the remark waits for what it belongs to
    public void JobIsSlowAndAPortOfItsLeafLosesPackets_TheyAreOneIncident(double slow, double lossy)
    {
        var run = new Correlator(_view).Fire(Make.StepSlow("a", slow), Lossy(30, 4, lossy)).Until(120);

        Assert.Equal(["JobStepSlow@job:a NicSequenceErrors@nic:node-030/mlx5_4"], run.Groups);
    }

    [Fact]
    public void JobIsSlowForAReason_OrAPortElsewhereLosesPackets_TheyAreNot()
    {
        Assert.Equal(["GpuThermalThrottle@gpu:GPU-003-1 JobStepSlow@job:a"],
            new Correlator(_view).Fire(Make.Throttle(Fleets.Gpu(3, 1), 0), Make.StepSlow("a", 10), Lossy(30, 4, 20)).Until(120).Groups);
        Assert.Equal(["JobStepSlow@job:a"], new Correlator(_view).Fire(Make.StepSlow("a", 0), Lossy(40, 4, 20)).Until(120).Groups);
    }

    [Fact]
    public void PeersOfAnIllLinkLosePackets_AccuseNoLeaf()
    {
        // The link's incident has its cause and takes no more devices; its peers hang on a leaf of their own.
        var run = new Correlator(_view).Fire(Make.NicErrors(Fleets.Nic(1, 2), 0), Lossy(5, 4, 20), Lossy(6, 4, 21)).Until(60);

        Assert.Equal(["NicErrorsRising@nic:node-001/mlx5_2"], run.Groups);
    }

    [Fact]
    public void LeafGoesDownWhereOneLinkFlaps_BothAreIncidents()
    {
        // The leaf's first port was put down to the flapping adapter of its node, and all others followed it.
        var run = new Correlator(_view).Fire([Make.LinkDown(Fleets.Nic(3, 7), 0), .. Ports(2, 8)]);

        Assert.Equal(["mlx5:link_down@nic:node-003/mlx5_7", string.Join(' ', Ports(2, 8).Select(Correlator.NameOf))], run.Until(60).Groups.OrderBy(group => group.Length));
    }

    /// <summary>The node's incident was judged before: its port is taken out of it again, so that nobody cordons the node for its switch.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LeafGoesDownWhereANodeHasAnIncident_ItsPortIsNotTheNodes(bool isGpu)
    {
        var before = isGpu ? Make.Xid79(Fleets.Gpu(1, 6), 0) : Make.Silent(Make.Monitor(1), 0);
        var acks = Make.Alert(Fleets.Nic(1, 2), "NicAckTimeouts", (FaultClass.SlowNic, "warning"), 40);
        var run = new Correlator(_view).Fire([before, .. Ports(2, 20), acks]).Until(60);

        Assert.Equal([Correlator.NameOf(before), string.Join(' ', Ports(2, 20).Append(acks).Select(Correlator.NameOf).Order(StringComparer.Ordinal))], run.Groups.OrderBy(group => group.Length));
    }

    [Fact]
    public void PacketsAreLostOnALeafWhereOneLinkFlaps_BothAreIncidents()
    {
        // The third node makes it the leaf; what the first two said is grouped anew while the flapping link still has no cause.
        Alert[] lossy = [Lossy(1, 4, 0), Lossy(2, 4, 0), Lossy(5, 4, 20)];
        var run = new Correlator(_view).Fire([.. lossy, Make.LinkDown(Fleets.Nic(5, 7), 18)]).Until(60);

        Assert.Equal(["mlx5:link_down@nic:node-005/mlx5_7", string.Join(' ', lossy.Select(Correlator.NameOf))], run.Groups.OrderBy(group => group.Length));
    }

    [Fact]
    public void LinkFlapsWhereALeafIsDown_BothAreIncidents()
    {
        var run = new Correlator(_view).Fire([.. Ports(2, 0), Make.LinkDown(Fleets.Nic(3, 7), 8)]).Until(60);

        Assert.Equal(["mlx5:link_down@nic:node-003/mlx5_7", string.Join(' ', Ports(2, 0).Select(Correlator.NameOf))], run.Groups.OrderBy(group => group.Length));
    }

    [Fact]
    public void AllLinksOfANode_AreTheNodesAlthoughTheyHangOnOneLeaf()
    {
        // Every adapter of a node on the same switch: eight ports are down, and the switch is not what they share.
        var shape = Fleets.Of(8, 8, ("a", 0, 8));
        var oneLeaf = new TopologyView();
        oneLeaf.Apply(shape with { Edges = [.. shape.Edges.Select(edge => edge.Kind == EdgeKind.Connects ? edge with { To = Make.Leaf(0, 0) } : edge).Distinct()] });
        Alert[] links = [.. Enumerable.Range(0, 8).Select(nic => Make.LinkDown(Fleets.Nic(3, nic), nic * 0.1))];
        var run = new Correlator(oneLeaf).Fire([.. links, Make.Alert(Make.Node(3), "NodeDown", (FaultClass.NodeDown, "critical"), 20, cause: true), Make.Xid79(Fleets.Gpu(6, 1), 21)]);

        Assert.Equal([1, 9], run.Members.Values.Select(alerts => alerts.Count).Order());
    }

    [Theory]
    [InlineData(20, 1)]
    [InlineData(70, 2)]
    public void GpuFailsAfterALinkOfItsNode_IsOneBlowOnlyWhereItComesAtOnce(double later, int incidents) =>
        Assert.Equal(incidents, new Correlator(_view).Fire(Make.LinkDown(Fleets.Nic(3, 1), 0), Make.Xid79(Fleets.Gpu(3, 6), later)).Members.Count);

    [Theory]
    [InlineData(20, 1)]
    [InlineData(70, 2)]
    public void MaintenanceIsNoReasonForWhatCameBefore(double later, int incidents) =>
        Assert.Equal(incidents, new Correlator(_view).Fire(Make.LinkDown(Fleets.Nic(3, 1), 0), Make.Maintenance(Make.Node(3), later)).Members.Count);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NodeRunsOutOfMemory_NoGpuIsToBlame(bool cause)
    {
        var shortage = Make.Alert(Make.Node(3), "OomKilled", (FaultClass.UserCodeError, "warning"), 70, cause);

        Assert.Equal(2, new Correlator(_view).Fire(Make.Xid79(Fleets.Gpu(3, 1), 0), shortage).Members.Count);
    }

    [Theory]
    [InlineData("NodeDiskFilling", FaultClass.Unknown)]
    [InlineData("NodeCpuPressure", FaultClass.Straggler)]
    public void NodeRunsShort_AFaultElsewhereInItsJobDoesNotExplainIt(string name, string faultClass)
    {
        var shortage = Make.Alert(Make.Node(3), name, (faultClass, "warning"), 0);

        Assert.Equal(2, new Correlator(_view).Fire(shortage, Make.Xid79(Fleets.Gpu(9, 1), 30)).Members.Count);
    }

    private static Alert Lossy(int node, int nic, double at) => Make.Alert(Fleets.Nic(node, nic), "NicSequenceErrors", (FaultClass.LeafFlap, "info"), at);

    private static Alert[] Ports(int nic, double at) => [.. Enumerable.Range(0, 6).Select(node => Make.LinkDown(Fleets.Nic(node, nic), at + (node * 0.1)))];
}
