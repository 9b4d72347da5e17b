using Observability.Model;

namespace Observability.Simulator.Tests;

/// <summary>How each hardware fault shows itself in every source, when, and how it ends (facts on published failures, sections 5 and 6).</summary>
public sealed class HardwareFaultTests
{
    private readonly SimulatedFleet _world = new SimulatedFleet().After(60);

    [Fact]
    public void GpuOffBus_LogsXid79AndVanishesFromTheExporter()
    {
        _world.Inject(FaultClass.GpuOffBus, _world.Gpu(1, 3).Id);
        _world.After(1);

        Assert.Equal(["NVRM: Xid (PCI:0000:4d:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus."], _world.KernelMessages(1));
        Assert.Equal(["0", "1", "2", "4", "5", "6", "7"], Scrape.Dcgm(_world, 1).Samples.Where(sample => sample.Name == "DCGM_FI_DEV_GPU_TEMP").Select(sample => sample.Labels["gpu"]));
        Assert.DoesNotContain(Scrape.Dcgm(_world, 1).Samples, sample => sample.Labels["UUID"] == _world.Gpu(1, 3).Uuid);
        Assert.Equal(8, Scrape.Dcgm(_world, 2).Samples.Count(sample => sample.Name == "DCGM_FI_DEV_GPU_TEMP"));
    }

    [Fact]
    public void GpuOffBus_StopsEveryRankOfItsJobWithinSecondsAndNobodyElse()
    {
        _world.Inject(FaultClass.GpuOffBus, _world.Gpu(1, 3).Id, seconds: 900);
        _world.After(3);
        var (step, other) = (_world.Job("llm-70b").Step, _world.Job("moe-8x22b").Step);

        // Hung ranks spin: utilisation stays, work, power and traffic do not.
        var (sent, peer) = (Scrape.Node(_world, 7).Value("node_infiniband_port_data_transmitted_bytes_total", 0), Scrape.Dcgm(_world, 7));
        Assert.Equal(100, peer.Value("DCGM_FI_DEV_GPU_UTIL", 0));
        Assert.InRange(peer.Value("DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", 0), 0, 0.01);
        Assert.InRange(peer.Value("DCGM_FI_DEV_POWER_USAGE", 0), 280, 340);
        _world.After(60);
        Assert.Equal(sent, Scrape.Node(_world, 7).Value("node_infiniband_port_data_transmitted_bytes_total", 0));
        Assert.Equal(step, _world.Job("llm-70b").Step);
        Assert.NotEqual(other, _world.Job("moe-8x22b").Step);
    }

    [Fact]
    public void GpuOffBus_AfterItsRepair_IsBackWithItsCountersResetAndItsJobStartsAgain()
    {
        var before = Scrape.Dcgm(_world, 1).Value("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", 3);
        _world.Inject(FaultClass.GpuOffBus, _world.Gpu(1, 3).Id, seconds: 100);
        _world.After(102);

        var back = Scrape.Dcgm(_world, 1);
        Assert.Equal(0, back.Value("DCGM_FI_DEV_XID_ERRORS", 3));
        Assert.InRange(back.Value("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", 3), 0, before - 1);
        Assert.False(_world.Job("llm-70b").IsRunning);
        Assert.True(_world.After(110).Job("llm-70b").IsRunning);
    }

    [Fact]
    public void EccUncontained_LogsAStormOf95ThenTheEcho45TwoSecondsLater()
    {
        _world.Inject(FaultClass.EccUncontained, _world.Gpu(2, 0).Id);
        _world.After(1);
        var storm = _world.KernelMessages(2);
        _world.After(2);

        Assert.Equal((41, 40), (storm.Length, storm.Count(line => line == "NVRM: Xid (PCI:0000:1a:00): 95, pid='<unknown>', name=<unknown>, Uncontained: LTC TAG (0x2, 0x1). RST: Yes, D-RST: No")));
        Assert.Contains("): 48, ", storm[0], StringComparison.Ordinal);
        Assert.Equal(["NVRM: Xid (PCI:0000:1a:00): 45, pid=40000, name=python3, Ch 00000008"], _world.KernelMessages(2)[41..]);
        Assert.Equal(3, Scrape.Dcgm(_world, 2).Value("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", 0));
        Assert.Equal(0, Scrape.Dcgm(_world, 2).Value("DCGM_FI_DEV_ROW_REMAP_PENDING", 0));
        Assert.True(_world.Job("llm-70b").IsBlocked);
    }

    [Fact]
    public void RowRemapPending_ShowsTheFlagAndARowAndStopsNobody_UntilAReset()
    {
        _world.Inject(FaultClass.RowRemapPending, _world.Gpu(2, 5).Id, seconds: 50);
        _world.After(1);

        var pending = Scrape.Dcgm(_world, 2);
        Assert.Equal((1, 1, 63), (pending.Value("DCGM_FI_DEV_ROW_REMAP_PENDING", 5), pending.Value("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS", 5), pending.Value("DCGM_FI_DEV_XID_ERRORS", 5)));
        Assert.EndsWith("): 63, pid='<unknown>', name=<unknown>, Row Remapper: New row marked for remapping, reset gpu to activate.", Assert.Single(_world.KernelMessages(2)), StringComparison.Ordinal);
        Assert.True(_world.Job("llm-70b").IsRunning);

        var reset = Scrape.Dcgm(_world.After(50), 2);
        Assert.Equal((0, 1), (reset.Value("DCGM_FI_DEV_ROW_REMAP_PENDING", 5), reset.Value("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS", 5)));
    }

    [Fact]
    public void ThermalThrottle_ShowsOnItsOwnGpuAndSlowsTheWholeJobByAFifth()
    {
        _world.Inject(FaultClass.ThermalThrottle, _world.Gpu(3, 6).Id);
        _world.After(5);

        var hot = Scrape.Dcgm(_world, 3);
        Assert.InRange(hot.Value("DCGM_FI_DEV_GPU_TEMP", 6), 87, 92);
        Assert.InRange(hot.Value("DCGM_FI_DEV_MEMORY_TEMP", 6), 95, 101);
        Assert.InRange(hot.Value("DCGM_FI_DEV_SM_CLOCK", 6), 1_150, 1_300);
        Assert.Equal(0x48, hot.Value("DCGM_FI_DEV_CLOCKS_EVENT_REASONS", 6));
        Assert.Equal(2e9, hot.Value("DCGM_FI_DEV_THERMAL_VIOLATION", 6));
        Assert.True(hot.Value("DCGM_FI_DEV_POWER_USAGE", 6) < hot.Value("DCGM_FI_DEV_POWER_USAGE", 5), "a throttled GPU draws less than its peers");
        Assert.InRange(hot.Value("DCGM_FI_DEV_GPU_TEMP", 5), 45, 80);
        Assert.Equal(1.2, _world.Job("llm-70b").SlowFactor);
        Assert.Empty(_world.KernelMessages(3));
    }

    [Fact]
    public void PcieWidthLoss_HalvesTheLanesAndReplaysAndItsAdapterWaits()
    {
        _world.Inject(FaultClass.PcieWidthLoss, _world.Gpu(3, 6).Id, seconds: 60);
        _world.After(11);

        var narrow = Scrape.Dcgm(_world, 3);
        Assert.Equal((8, 16, 33), (narrow.Value("DCGM_FI_DEV_PCIE_LINK_WIDTH", 6), narrow.Value("DCGM_FI_DEV_PCIE_MAX_LINK_WIDTH", 6), narrow.Value("DCGM_FI_DEV_PCIE_REPLAY_COUNTER", 6)));
        Assert.Equal(16, narrow.Value("DCGM_FI_DEV_PCIE_LINK_WIDTH", 5));
        Assert.True(Scrape.Node(_world, 3).Value("node_infiniband_port_transmit_wait_total", 6) > 20 * Scrape.Node(_world, 3).Value("node_infiniband_port_transmit_wait_total", 5));
        Assert.Equal(1.25, _world.Job("llm-70b").SlowFactor);
        Assert.Equal(16, Scrape.Dcgm(_world.After(60), 3).Value("DCGM_FI_DEV_PCIE_LINK_WIDTH", 6));
    }

    [Fact]
    public void SlowNic_DamagesPacketsAtHalfRateAndItsPeersWaitForAcknowledgements()
    {
        _world.Inject(FaultClass.SlowNic, _world.Nic(3, 2).Id);
        _world.After(10);

        var slow = Scrape.Node(_world, 3);
        Assert.Equal((2.5e10, 4), (slow.Value("node_infiniband_rate_bytes_per_second", 2), slow.Value("node_infiniband_state_id", 2)));
        Assert.Equal((400, 180, 250), (slow.Value("node_infiniband_symbol_error_total", 2), slow.Value("node_infiniband_port_errors_received_total", 2), slow.Value("node_infiniband_packet_sequence_errors_total", 2)));
        Assert.Equal((5e10, 0), (slow.Value("node_infiniband_rate_bytes_per_second", 3), slow.Value("node_infiniband_symbol_error_total", 3)));
        Assert.Equal([5, 5, 5, 0, 5, 0], Enumerable.Range(0, 6).Select(node => Scrape.Node(_world, node).Value("node_infiniband_local_ack_timeout_errors_total", 2)));
        Assert.Equal(1.3, _world.Job("llm-70b").SlowFactor);
    }
}
