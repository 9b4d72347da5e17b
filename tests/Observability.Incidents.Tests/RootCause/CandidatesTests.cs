using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests.RootCause;

public sealed class CandidatesTests
{
    private readonly Topology _graph = Fleets.View(64, 8, ("a", 0, 20), ("b", 20, 20)).Current;

    [Fact]
    public void GpuAndItsJob_AreCandidates() => Assert.Equal(
        [(Fleets.Gpu(3, 1), FaultClass.GpuOffBus), (Make.Job("a"), FaultClass.UserCodeHang)],
        Candidates.Of([Make.Xid79(Fleets.Gpu(3, 1), 0), Make.Stalled("a", 40)], _graph).Select(candidate => (candidate.Entity, candidate.FaultClass)));

    [Fact]
    public void SlowRank_IsItsGpu()
    {
        var rank = new EntityId(EntityKind.Rank, "a/25");

        Assert.Contains(Candidates.Of([Make.Straggler(rank, 0)], _graph), candidate => candidate.Entity == Fleets.Gpu(3, 1));
    }

    [Fact]
    public void TwoPortsOfOneLeaf_MakeTheLeafACandidateAndOneDoesNot()
    {
        bool HasLeaf(int ports) => Candidates.Of([.. Enumerable.Range(0, ports).Select(node => Make.LinkDown(Fleets.Nic(node, 4), 0))], _graph)
            .Any(candidate => candidate.Entity == Make.Leaf(0, 4) && candidate.FaultClass == FaultClass.LeafFlap);

        Assert.Equal([false, true, true], [HasLeaf(1), HasLeaf(2), HasLeaf(3)]);
    }

    [Fact]
    public void PortsThatWaitForOneThatIsDown_SayNothingOfTheLeaf()
    {
        Alert[] waiting = [.. Enumerable.Range(1, 6).Select(node => Make.Alert(Fleets.Nic(node, 4), "NicAckTimeouts", (FaultClass.SlowNic, "info"), 12))];
        var candidates = Candidates.Of([Make.LinkDown(Fleets.Nic(0, 4), 0), .. waiting], _graph);
        var peers = CauseFeatures.Names.ToList().IndexOf("peers_affected");

        Assert.DoesNotContain(candidates, candidate => candidate.Entity.Kind == EntityKind.Switch);
        Assert.Equal(0, candidates.Single(candidate => candidate.Entity == Fleets.Nic(0, 4)).Features.Values[peers]);
    }

    [Fact]
    public void OnePortDown_IsTheNicsMatter() =>
        Assert.Equal(FaultClass.SlowNic, Candidates.Of([Make.LinkDown(Fleets.Nic(0, 4), 0)], _graph).First(candidate => candidate.Entity.Kind == EntityKind.Nic).FaultClass);

    [Fact]
    public void OrderOfAlerts_ChangesNothing()
    {
        Alert[] alerts = [Make.Xid79(Fleets.Gpu(3, 1), 0), Make.Stalled("a", 40), Make.LinkDown(Fleets.Nic(4, 4), 3), Make.Straggler(Fleets.Gpu(9, 0), 20), Make.StepSlow("a", 10)];

        string[] Print(IEnumerable<Alert> all) => [.. Candidates.Of([.. all], _graph).Select(one => $"{one.Entity} {one.FaultClass} {string.Join(' ', one.Features.Values)}")];

        Assert.Equal(Print(alerts), Print(alerts.Reverse()));
    }

    [Fact]
    public void StormOfSymptoms_DoesNotCrowdOutTheCauseThatComesLast()
    {
        var known = new IncidentAlerts();
        for (var i = 0; i < 6_000; i++)
            known.Add(Make.Alert(Fleets.Gpu(i % 64, i % 8), $"Symptom{i}", (FaultClass.Straggler, "warning"), i * 0.001));
        known.Add(Make.Xid79(Fleets.Gpu(3, 1), 60));

        Assert.Equal(IncidentAlerts.MaximumSymptoms + 1, known.All.Count);
        Assert.Contains(Candidates.Of(known.All, _graph), candidate => candidate is { FaultClass: FaultClass.GpuOffBus } && candidate.Entity == Fleets.Gpu(3, 1));
    }

    [Fact]
    public void NoAlerts_NoCandidates() => Assert.Empty(Candidates.Of([], _graph));

    [Fact]
    public void Features_AreNamedOneForOne()
    {
        var gpu = Candidates.Of([Make.Xid79(Fleets.Gpu(3, 1), 0), Make.Stalled("a", 40)], _graph)[0].Features.Values;
        var named = CauseFeatures.Names.Zip(gpu).ToDictionary(pair => pair.First, pair => pair.Second);

        Assert.Equal(CauseFeatures.Count, named.Count);
        Assert.Equal((1f, 1f, 40f, 1f, 1f), (named["cause_alerts"], named["is_gpu"], named["lead_seconds"], named["job_effect_fits"], named["reach"]));
    }
}
