using Observability.Model;

namespace Observability.Simulator.Tests;

/// <summary>Signs of fabric faults and how they spread: facts on published failures, sections 5 and 6.</summary>
public sealed class FabricFaultsTests
{
    private readonly SimulatedFleet _world = new SimulatedFleet(nodes: 40).After(60);

    [Fact]
    public void NicDown_StopsItsJobAndPeersWaitAfterTheRetriesAndTheFrameworkSpeaksAfterHalfAMinute()
    {
        _world.Inject(FaultKinds.NicDown, _world.Nic(3, 2).Id, seconds: 700);
        _world.After(7);
        Assert.Equal((0, 1), (_world.Nic(0, 2).AckTimeouts, _world.Nic(3, 2).LinkDowned));
        _world.After(5);
        Assert.Equal(60, _world.Nic(0, 2).AckTimeouts);
        Assert.DoesNotContain("Got completion from peer", _world.Job("llm-70b").Log.After(0).Text, StringComparison.Ordinal);

        _world.After(30);
        Assert.Contains("NCCL WARN NET/IB : Got completion from peer 10.2.0.4<33092> with error 12, opcode 0, len 0, vendor err 129 (Recv)", _world.Job("llm-70b").Log.After(0).Text, StringComparison.Ordinal);
        _world.After(600);
        Assert.Equal(160, _world.Job("llm-70b").Log.After(0).Text.Split('\n').Count(line => line.Contains("Watchdog caught collective operation timeout", StringComparison.Ordinal)));
    }

    [Fact]
    public void LinkFlap_IsShorterThanRetriesLastAndTheJobNeverStarts()
    {
        _world.Inject(FaultKinds.LinkFlap, _world.Nic(3, 2).Id, seconds: 300);
        var states = new string([.. Enumerable.Range(0, 300).Select(_ => _world.After(1).Nic(3, 2).Down ? 'v' : '.')]);

        Assert.Matches(@"^(v{1,3}\.{5,31}){3,10}\.*$", states);
        Assert.InRange(_world.Nic(3, 2).LinkDowned, 3, 10);
        Assert.InRange(_world.Nic(0, 2).AckTimeouts, 15, 500);
        Assert.Equal((1, true), (_world.Job("llm-70b").Generation, _world.After(20).Job("llm-70b").IsRunning));
    }

    [Fact]
    public void OpticsDegradation_WarnsWithCorrectedBitsBeforeSymbolsAreDamaged()
    {
        _world.Inject(FaultKinds.OpticsDegradation, _world.Nic(3, 2).Id, seconds: 400);
        _world.After(100);
        Assert.Equal((true, 0, 1.0), (_world.Nic(3, 2).CorrectedBits > 3e8, _world.Nic(3, 2).SymbolErrors, _world.Job("llm-70b").SlowFactor));

        _world.After(150);
        Assert.InRange(_world.Nic(3, 2).SymbolErrors, 150, 250);
        Assert.Equal((0, 1.1), (_world.Nic(3, 2).LinkDowned, _world.Job("llm-70b").SlowFactor));
        Assert.Equal(1, _world.After(140).Nic(3, 2).LinkDowned);
    }

    [Fact]
    public void PcieWidthLoss_PausesTheFabricFromItsOwnAdapterAndPeersLookBad()
    {
        _world.Inject(FaultClass.PcieWidthLoss, _world.Gpu(3, 6).Id, seconds: 60);
        _world.After(11);

        Assert.Equal(200_000, Scrape.Node(_world, 3).Value("node_ethtool_transmitted_prio3_pause", 6), tolerance: 20_001);
        Assert.Equal(8_000, Scrape.Node(_world, 0).Value("node_ethtool_received_prio3_pause", 6), tolerance: 801);
        Assert.Equal(0, Scrape.Node(_world, 0).Value("node_ethtool_transmitted_prio3_pause", 6));
        Assert.Equal(0, Scrape.Node(_world, 30).Value("node_ethtool_received_prio3_pause", 6));
    }

    [Fact]
    public void GrayLoss_RetransmitsOnSomeFlowsAndHasNoEvent()
    {
        _world.Inject(FaultKinds.GrayLoss, new EntityId(EntityKind.Switch, "leaf-0-r2"), seconds: 100);
        _world.After(20);

        var lossy = _world.Fleet.SimNodes.Where(node => node.Nics[2].SequenceErrors > 0).Select(node => node.Index).ToArray();
        Assert.InRange(lossy.Length, 5, 22);
        Assert.All(lossy, node => Assert.InRange(node, 0, 31));
        Assert.All(_world.Fleet.SimNodes, node => Assert.Empty(_world.KernelMessages(node.Index)));
        Assert.InRange(_world.Job("llm-70b").SlowFactor, 1.05, 1.3);
    }

    [Fact]
    public void Congestion_SlowsAllAlikeInStepsAndMarksPacketsEverywhere()
    {
        _world.Inject(FaultKinds.Congestion, new EntityId(EntityKind.Switch, "spine-r2"), seconds: 300);
        var slow = Enumerable.Range(0, 3).Select(third => _world.After(third == 0 ? 50 : 100).Job("llm-70b").SlowFactor).ToArray();

        Assert.True(slow[0] > 1 && slow[1] > slow[0] && slow[2] > slow[1], string.Join(' ', slow));
        Assert.All(_world.Fleet.SimNodes, node => Assert.True(node.Nics[2].CongestionNotices > 1e5 && node.Nics[3].CongestionNotices == 0));
        Assert.Equal(1, _world.After(100).Job("llm-70b").SlowFactor);
    }

    [Fact]
    public void LeafDown_TakesThirtyTwoPortsForAsLongAsItLasts()
    {
        _world.Inject(FaultKinds.LeafDown, new EntityId(EntityKind.Switch, "leaf-0-r2"), seconds: 90);
        _world.After(45);

        Assert.Equal(32, _world.Fleet.SimNodes.Count(node => node.Nics[2].Down));
        Assert.True(_world.Job("llm-70b").IsBlocked && _world.Job("moe-8x22b").IsBlocked);
        Assert.DoesNotContain(_world.After(50).Fleet.SimNodes, node => node.Nics[2].Down);
    }
}
