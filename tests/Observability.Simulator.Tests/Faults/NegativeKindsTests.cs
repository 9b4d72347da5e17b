using Observability.Model;

namespace Observability.Simulator.Tests;

/// <summary>What only looks like a fault has the looks and none of the substance.</summary>
public sealed class NegativeKindsTests
{
    private readonly SimulatedFleet _world = new SimulatedFleet(nodes: 64).After(60);

    [Fact]
    public void PowerCap_LowersEveryGpuAlikeAndStaysBelowTheRuleForSlowSteps()
    {
        _world.Inject(FaultKinds.PowerCap, new EntityId(EntityKind.Cluster, "fleet"));
        _world.After(10);

        Assert.All(Enumerable.Range(0, 60).Select(node => Scrape.Dcgm(_world, node)), scrape => Assert.All(Enumerable.Range(0, 8), gpu =>
        {
            Assert.InRange(scrape.Value("DCGM_FI_DEV_POWER_USAGE", gpu), 480, 540);
            Assert.InRange(scrape.Value("DCGM_FI_DEV_SM_CLOCK", gpu), 1_330, 1_490);
            Assert.Equal(4, scrape.Value("DCGM_FI_DEV_CLOCKS_EVENT_REASONS", gpu));
        }));
        Assert.All(_world.Fleet.Jobs, job => Assert.Equal(1.08, job.SlowFactor));
    }

    [Fact]
    public void HotAfternoon_WarmsEveryoneByFourDegreesAndSlowsNobody()
    {
        var usual = Mean(new SimulatedFleet(nodes: 64).After(460));
        _world.Inject(FaultKinds.HotAfternoon, new EntityId(EntityKind.Cluster, "fleet"), seconds: 600);
        _world.After(400);

        Assert.Equal(4, Mean(_world) - usual, tolerance: 0.2);
        Assert.All(_world.Fleet.Jobs, job => Assert.Equal(1, job.SlowFactor));

        static double Mean(SimulatedFleet world) => Enumerable.Range(0, 60).SelectMany(node => Scrape.Dcgm(world, node).Samples).Where(sample => sample.Name == "DCGM_FI_DEV_GPU_TEMP").Average(sample => sample.Value);
    }

    [Fact]
    public void SequenceImbalance_MakesAnotherRankSlowInEveryStep()
    {
        var job = _world.Job("moe-8x22b");
        _world.Inject(FaultKinds.SequenceImbalance, job.Id, seconds: 100);
        var slow = Enumerable.Range(0, 10).Select(_ => JobTelemetry.Of(_world.After(5).Job("moe-8x22b"), _world.Fleet).Metrics
            .Single(metric => metric.Name == "train.rank.compute").Points.Index().MaxBy(one => one.Item.Value).Index).ToArray();

        Assert.True(slow.Distinct().Count() >= 8, string.Join(' ', slow));
        Assert.Equal(1.1, job.SlowFactor);
    }

    [Fact]
    public void SlowStorage_MakesEveryRankOfEveryJobWaitBelowTheLimitOfTheRule()
    {
        _world.Inject(FaultKinds.SlowStorage, new EntityId(EntityKind.Storage, "fs-0"));
        _world.After(5);

        Assert.All(_world.Fleet.Jobs, job => Assert.All(
            JobTelemetry.Of(job, _world.Fleet).Metrics.Single(metric => metric.Name == "train.data_wait").Points, point => Assert.InRange(point.Value, 0.12, 0.22)));
        Assert.All(_world.Fleet.Jobs, job => Assert.True(job.IsRunning));
    }

    [Fact]
    public void ExporterRestart_IsAGapAndNothingElse()
    {
        _world.Inject(FaultKinds.ExporterRestart, new EntityId(EntityKind.Monitor, "node-001/dcgm"), seconds: 15);

        Assert.Equal([true, false, true], new[] { 0, 5, 15 }.Select(seconds => _world.After(seconds).Fleet.SimNodes[1].Answers("dcgm")));
        Assert.All(_world.Fleet.Jobs, job => Assert.True(job.IsRunning));
    }

    [Fact]
    public void FlappingCounter_ReadsZeroEveryOtherTimeAndLosesNothing()
    {
        _world.Inject(FaultKinds.FlappingCounter, _world.Nic(1, 2).Id, seconds: 120);
        var read = Enumerable.Range(0, 8).Select(_ => Scrape.Node(_world.After(15), 1).Value("node_infiniband_symbol_error_total", 2)).ToArray();

        Assert.Equal([0, 40], read.Distinct().Order());
        Assert.Equal(40, Scrape.Node(_world.After(30), 1).Value("node_infiniband_symbol_error_total", 2));
    }

    [Fact]
    public void LongCheckpoint_And_JobRestart_DipTogetherAndComeBackByThemselves()
    {
        _world.Inject(FaultKinds.LongCheckpoint, _world.Job("llm-70b").Id, seconds: 40);
        _world.Inject(FaultKinds.JobRestart, _world.Job("moe-8x22b").Id);
        _world.After(20);

        Assert.Equal((false, true, false), (_world.Job("llm-70b").IsComputing, _world.Job("llm-70b").IsRunning, _world.Job("moe-8x22b").IsRunning));
        _world.After(90);
        Assert.Equal((true, true, 1, 2), (_world.Job("llm-70b").IsComputing, _world.Job("moe-8x22b").IsComputing, _world.Job("llm-70b").Generation, _world.Job("moe-8x22b").Generation));
    }
}
