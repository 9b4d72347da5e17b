using Observability.Model;

namespace Observability.Simulator.Tests;

/// <summary>What looks alarming and is no hardware fault must have none of the signs of one.</summary>
public sealed class HardNegativeTests
{
    private readonly SimulatedFleet _world = new SimulatedFleet().After(60);

    [Fact]
    public void Maintenance_IsAnnouncedDrainedAndEndsWithANewBoot()
    {
        var node = _world.Fleet.SimNodes[1];
        var boot = node.BootId;
        _world.Inject(FaultClass.Maintenance, new EntityId(EntityKind.Node, node.Name), seconds: 120);

        _world.After(1);
        var start = Assert.Single(_world.Fleet.TakeNotices());
        Assert.Equal(("maintenance_start", "node-001", "firmware update of node-001"), (start.Kind, start.Of.Name, start.Text));
        Assert.DoesNotContain(_world.Job("llm-70b").Ranks, gpu => gpu.Node == node);
        Assert.False(_world.After(18).Fleet.SimNodes[1].Down);
        Assert.True(_world.After(3).Fleet.SimNodes[1].Down);
        _world.After(100);
        Assert.Equal("maintenance_end", Assert.Single(_world.Fleet.TakeNotices()).Kind);
        Assert.Equal((false, true), (node.Down, node.BootId != boot));
        Assert.Empty(_world.KernelMessages(1));
        Assert.Equal(0, Scrape.Node(_world, 1).Samples.Where(sample => sample.Name.EndsWith("_bytes_total", StringComparison.Ordinal)).Sum(sample => sample.Value));
    }

    [Fact]
    public void Maintenance_OfTheSameNodeTwice_HasThreeBoots()
    {
        var node = _world.Fleet.SimNodes[15];
        List<string> boots = [node.BootId];
        for (var i = 0; i < 2; i++)
        {
            _world.Inject(FaultClass.Maintenance, new EntityId(EntityKind.Node, node.Name), seconds: 60);
            boots.Add(_world.After(62).Fleet.SimNodes[15].BootId);
        }

        Assert.Equal(["boot-0015-00", "boot-0015-01", "boot-0015-02"], boots);
    }

    [Fact]
    public void Maintenance_ShorterThanTheDrain_NeverTakesTheNodeDown()
    {
        _world.Inject(FaultClass.Maintenance, new EntityId(EntityKind.Node, "node-015"), seconds: 10);

        Assert.All(Enumerable.Range(0, 60), _ => Assert.False(_world.After(1).Fleet.SimNodes[15].Down));
    }

    [Theory]
    [InlineData("dcgm")]
    [InlineData("node")]
    public void MonitorSilent_StopsNothingButItself(string exporter)
    {
        _world.Inject(FaultClass.MonitorSilent, new EntityId(EntityKind.Monitor, $"node-001/{exporter}"), seconds: 100);
        var step = _world.After(5).Job("llm-70b").Step;

        Assert.Equal([exporter], _world.Fleet.SimNodes[1].SilentExporters);
        Assert.True(_world.After(30).Job("llm-70b").Step > step, "the job goes on");
        Assert.Empty(_world.KernelMessages(1));
        Assert.Empty(_world.After(100).Fleet.SimNodes[1].SilentExporters);
    }

    [Fact]
    public void JobKilled_EchoesXid45OnEveryGpuOfTheJobAtOnceAndOnNoOther()
    {
        _world.Inject(FaultClass.JobKilled, _world.Job("moe-8x22b").Id);
        _world.After(1);

        Assert.All(Enumerable.Range(8, 4), node => Assert.Equal(
            Enumerable.Range(0, 8).Select(gpu => $"NVRM: Xid (PCI:0000:{0x1a + (gpu * 0x11):x2}:00): 45, pid={40_000 + (gpu * 17)}, name=python3, Ch 00000008"), _world.KernelMessages(node)));
        Assert.All(Enumerable.Range(0, 8).Append(12), node => Assert.Empty(_world.KernelMessages(node)));
        Assert.DoesNotContain(_world.Fleet.Pods, pod => pod.Job == "moe-8x22b");
        AssertNoHardwareSign();
    }

    [Fact]
    public void JobKilled_ComesBackAfterTheRequeueWithStepsLost()
    {
        var job = _world.Job("moe-8x22b");
        var step = job.Step;
        _world.Inject(FaultClass.JobKilled, job.Id);
        _world.After(2);
        Assert.False(JobTelemetry.Speaks(job));

        _world.After(150);
        Assert.Equal((2, false), (job.Generation, job.IsRunning));
        _world.After(17);
        Assert.Equal((true, true), (job.IsRunning, job.Step < step));
    }

    [Fact]
    public void JobStart_LeavesEveryGpuOfTheJobEquallyQuiet()
    {
        var job = _world.Job("moe-8x22b");
        _world.Inject(FaultClass.JobKilled, job.Id);
        _world.After(1 + 150 + 8);

        Assert.NotNull(job.StartingUntil);
        Assert.All(Enumerable.Range(8, 4).Select(node => Scrape.Dcgm(_world, node)), scrape => Assert.All(Enumerable.Range(0, 8), gpu =>
        {
            Assert.Equal((0, 6), (scrape.Value("DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", gpu), scrape.Value("DCGM_FI_DEV_GPU_UTIL", gpu)));
            Assert.InRange(scrape.Value("DCGM_FI_DEV_POWER_USAGE", gpu), 100, 140);
        }));
        AssertNoHardwareSign();
    }

    [Fact]
    public void Checkpoint_DipsOnAllGpusTogetherForLessThanAHangNeeds()
    {
        var world = new SimulatedFleet();
        var job = world.Job("vision-7b");
        var (saving, longest, saves) = (0, 0, 0);
        for (var second = 0; second < 1_500; second++)
        {
            world.After(1);
            saving = job.SavingUntil is null ? 0 : saving + 1;
            longest = Math.Max(longest, saving);
            if (saving != 1)
                continue;
            saves++;
            var powers = Enumerable.Range(12, 2).SelectMany(node => Enumerable.Range(0, 8).Select(gpu => Scrape.Dcgm(world, node).Value("DCGM_FI_DEV_POWER_USAGE", gpu)));
            Assert.All(powers, power => Assert.InRange(power, 100, 140));
            Assert.True(Scrape.Dcgm(world, 12).Value("DCGM_FI_DEV_GPU_UTIL", 0) < 80, "a hang detector asks for spinning GPUs");
        }

        Assert.InRange(longest, 7, 13);
        Assert.InRange(saves, 2, 3);
        Assert.InRange(job.Checkpoints, saves - 1, saves);
        Assert.Equal(1, job.Generation);
        Assert.All(world.Fleet.SimNodes, node => Assert.Empty(world.KernelMessages(node.Index)));
    }

    [Fact]
    public void UserCodeHang_SpinsEveryGpuOfTheJobAndShowsNothingElse()
    {
        var job = _world.Job("moe-8x22b");
        _world.Inject(FaultClass.UserCodeHang, job.Id, seconds: 100);
        var step = _world.After(2).Job("moe-8x22b").Step;

        _world.After(60);
        Assert.Equal((step, true), (job.Step, job.IsBlocked));
        Assert.All(Enumerable.Range(0, 8), gpu => Assert.Equal(100, Scrape.Dcgm(_world, 9).Value("DCGM_FI_DEV_GPU_UTIL", gpu)));
        Assert.All(_world.Fleet.SimNodes, node => Assert.Empty(_world.KernelMessages(node.Index)));
        AssertNoHardwareSign();
    }

    [Fact]
    public void DataLoaderStall_SlowsTheJobAndEveryRankWaitsForData()
    {
        var job = _world.Job("moe-8x22b");
        _world.Inject(FaultClass.DataLoaderStall, job.Id, seconds: 100);
        _world.After(5);

        var said = JobTelemetry.Of(job, _world.Fleet);
        Assert.All(said.Metrics.Single(metric => metric.Name == "train.data_wait").Points, point => Assert.InRange(point.Value, 0.5, 0.75));
        Assert.All(said.Metrics.Single(metric => metric.Name == "train.rank.compute").Points, point => Assert.InRange(point.Value, 4.1 * 0.7 * 0.96, 4.1 * 0.7 * 1.04));
        Assert.Equal((2.5, false), (job.SlowFactor, job.IsBlocked));
        AssertNoHardwareSign();
    }

    private void AssertNoHardwareSign()
    {
        foreach (var gpu in _world.Fleet.SimNodes.SelectMany(node => node.Gpus))
            Assert.Equal((false, false, false, false, 0.0, 0.0), (gpu.Blocks, gpu.Throttled, gpu.PcieHalved, gpu.RemapPending, gpu.EccDouble, gpu.ThermalViolation));
        foreach (var nic in _world.Fleet.SimNodes.SelectMany(node => node.Nics))
            Assert.Equal((false, false, 0.0, 0.0, 0.0), (nic.Down, nic.Slow, nic.LinkDowned, nic.SymbolErrors, nic.AckTimeouts));
    }
}
