using Observability.Model;

namespace Observability.Simulator.Tests;

/// <summary>Signs of GPU faults that the script has not: facts on published failures, sections 5 and 6.</summary>
public sealed class DeviceFaultsTests
{
    private readonly SimulatedFleet _world = new SimulatedFleet().After(60);

    [Fact]
    public void EccContained_Logs48And94And63AndItsProcessDies_UntilAReset()
    {
        _world.Inject(FaultClass.EccContained, _world.Gpu(2, 0).Id, seconds: 50);
        _world.After(4);

        Assert.Equal([48, 94, 63, 45], XidsOf(2));
        var scrape = Scrape.Dcgm(_world, 2);
        Assert.Equal((1, 1, 1), (scrape.Value("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", 0), scrape.Value("DCGM_FI_DEV_ROW_REMAP_PENDING", 0), scrape.Value("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS", 0)));
        Assert.True(_world.Job("llm-70b").IsBlocked);
        Assert.False(_world.After(50).Job("llm-70b").IsBlocked);
        Assert.Equal(0, Scrape.Dcgm(_world, 2).Value("DCGM_FI_DEV_ROW_REMAP_PENDING", 0));
    }

    [Fact]
    public void GspTimeout_TakesTheWholeExporterAlongAndEndsWithABoot()
    {
        var boot = _world.Fleet.SimNodes[1].BootId;
        _world.Inject(FaultClass.GspTimeout, _world.Gpu(1, 4).Id, seconds: 100);
        _world.After(2);

        Assert.Equal([119], XidsOf(1));
        Assert.Equal((false, true), (_world.Fleet.SimNodes[1].Answers("dcgm"), _world.Fleet.SimNodes[1].Answers("node")));
        _world.After(100);
        Assert.True(_world.Fleet.SimNodes[1].Answers("dcgm"));
        Assert.NotEqual(boot, _world.Fleet.SimNodes[1].BootId);
    }

    [Fact]
    public void NvlinkError_CountsOnItsGpuAndStopsTheJobWithoutAnErrorCodeElsewhere()
    {
        _world.Inject(FaultClass.NvlinkError, _world.Gpu(1, 4).Id, seconds: 100);
        _world.After(31);

        Assert.Equal([74], XidsOf(1));
        Assert.InRange(Scrape.Dcgm(_world, 1).Value("DCGM_FI_DEV_NVLINK_REPLAY_ERROR_COUNT_TOTAL", 4), 100, 140);
        Assert.True(_world.Job("llm-70b").IsBlocked);
    }

    [Fact]
    public void EccCreep_ClimbsForTheTimeItLastsAndStopsNobody()
    {
        _world.Inject(FaultKinds.EccCreep, _world.Gpu(1, 4).Id, seconds: 600);
        _world.After(600);

        var scrape = Scrape.Dcgm(_world, 1);
        Assert.InRange(scrape.Value("DCGM_FI_DEV_ECC_SBE_VOL_TOTAL", 4), 170, 190);
        Assert.Equal(6, scrape.Value("DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS", 4));
        Assert.True(_world.Job("llm-70b").IsRunning);
        Assert.Empty(_world.KernelMessages(1));
    }

    [Fact]
    public void PowerBrake_HoldsAllEightGpusOfTheNodeBack()
    {
        _world.Inject(FaultClass.PowerBrake, new EntityId(EntityKind.Node, "node-001"));
        _world.After(5);

        var scrape = Scrape.Dcgm(_world, 1);
        Assert.All(Enumerable.Range(0, 8), gpu => Assert.Equal(0x80, scrape.Value("DCGM_FI_DEV_CLOCKS_EVENT_REASONS", gpu)));
        Assert.All(Enumerable.Range(0, 8), gpu => Assert.InRange(scrape.Value("DCGM_FI_DEV_SM_CLOCK", gpu), 770, 850));
        Assert.Equal(1.45, _world.Job("llm-70b").SlowFactor);
        Assert.All(Enumerable.Range(0, 8), gpu => Assert.Equal(4, Scrape.Dcgm(_world, 2).Value("DCGM_FI_DEV_CLOCKS_EVENT_REASONS", gpu)));
    }

    [Fact]
    public void SilentCorruption_ShowsInTheGradientsAloneAndLate()
    {
        var untouched = new SimulatedFleet().After(60 + 150);
        _world.Inject(FaultClass.SilentCorruption, _world.Gpu(1, 4).Id, seconds: 200);

        Assert.Equal(TrainingJob.GradientNorm, Gradient(_world.After(70)));
        Assert.Equal(8 * TrainingJob.GradientNorm, Gradient(_world.After(80)), tolerance: 1e-9);
        Assert.Equal(DcgmExporter.Render(untouched.Fleet.SimNodes[1], untouched.Fleet), DcgmExporter.Render(_world.Fleet.SimNodes[1], _world.Fleet));
        Assert.Equal(TrainingJob.GradientNorm, Gradient(_world.After(60)));

        static double Gradient(SimulatedFleet world) =>
            JobTelemetry.Of(world.Job("llm-70b"), world.Fleet).Metrics.Single(metric => metric.Name == "train.grad_norm").Points[0].Value;
    }

    [Fact]
    public void SilentCorruption_OfAJobThatReplaysItsSteps_NamesItsRankInTheLog()
    {
        var gpu = _world.Gpu(1, 4);
        var told = 0;
        for (var i = 0; i < 40; i++)
        {
            var world = new SimulatedFleet().After(10);
            world.Inject(FaultClass.SilentCorruption, world.Gpu(1, 4).Id, seconds: 30, id: $"sdc-{i}");
            var lines = world.After(29).Job("llm-70b").Log.After(0).Text.Split('\n').Where(line => line.Contains("Possible", StringComparison.Ordinal)).ToArray();
            Assert.All(lines, line => Assert.StartsWith($"Rank {gpu.Rank}, node node-001, device 4, iteration #", line, StringComparison.Ordinal));
            told += lines.Length;
        }

        Assert.InRange(told, 10, 30);
    }

    private int[] XidsOf(int node) => [.. _world.KernelMessages(node).Where(line => line.Contains("Xid", StringComparison.Ordinal))
        .Select(line => int.Parse(line.Split("): ")[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture))];
}
