using Observability.Model;

namespace Observability.Simulator.Tests;

/// <summary>Signs of faults of hosts, jobs and storage: facts on published failures, sections 5 and 6.</summary>
public sealed class HostAndJobFaultsTests
{
    private readonly SimulatedFleet _world = new SimulatedFleet().After(60);

    [Fact]
    public void NodeDown_IsGoneAtOnceAndComesBackWithANewBoot()
    {
        var boot = _world.Fleet.SimNodes[1].BootId;
        _world.Inject(FaultClass.NodeDown, Node(1), seconds: 100);

        Assert.False(_world.After(1).Fleet.SimNodes[1].Answers("node"));
        Assert.True(_world.Job("llm-70b").IsBlocked);
        _world.After(100);
        Assert.Equal((true, true), (_world.Fleet.SimNodes[1].Answers("node"), _world.Fleet.SimNodes[1].BootId != boot));
        Assert.Empty(_world.Fleet.TakeNotices());
    }

    [Fact]
    public void CpuContention_SlowsAllGpusOfTheNodeAndShowsInItsLoad()
    {
        _world.Inject(FaultKinds.CpuContention, Node(1), seconds: 100);
        _world.After(21);

        Assert.InRange(_world.Job("llm-70b").SlowFactor, 1.06, 1.22);
        Assert.True(Host(1, "node_load1") > 250);
        Assert.Equal(12, Host(1, "node_pressure_cpu_waiting_seconds_total"), tolerance: 1);
        var compute = JobTelemetry.Of(_world.Job("llm-70b"), _world.Fleet).Metrics.Single(metric => metric.Name == "train.rank.compute").Points;
        Assert.True(compute.Skip(8).Take(8).Min(point => point.Value) > compute.Skip(16).Max(point => point.Value), "its eight ranks are the slowest");
    }

    [Fact]
    public void DiskFull_IsForeseenByItsTrendAndThenASaveFails()
    {
        _world.Inject(FaultKinds.DiskFull, Node(1), seconds: 200);
        Assert.InRange(Host(1, "node_filesystem_avail_bytes", _world.After(71)), 2.4e12, 2.8e12);
        Assert.True(_world.Job("llm-70b").IsRunning);

        _world.After(75);
        Assert.Equal(0, Host(1, "node_filesystem_avail_bytes"));
        Assert.Contains("[rank8]: OSError: [Errno 28] No space left on device", _world.Job("llm-70b").Log.After(0).Text, StringComparison.Ordinal);
        Assert.False(_world.Job("llm-70b").IsRunning);
    }

    [Fact]
    public void OutOfMemory_KillsOneRankAndTheOthersWait()
    {
        _world.Inject(FaultKinds.OutOfMemory, Node(1), seconds: 200);
        Assert.True(Host(1, "node_memory_MemAvailable_bytes", _world.After(90)) < 2e11);

        _world.After(15);
        Assert.Equal(1, Host(1, "node_vmstat_oom_kill"));
        Assert.StartsWith("Out of memory: Killed process 40000 (python3)", Assert.Single(_world.KernelMessages(1)), StringComparison.Ordinal);
        Assert.True(_world.Job("llm-70b").IsBlocked);
    }

    [Fact]
    public void UserCodeError_SpeaksOnManyRanksWithinTheSameSecond()
    {
        // Both forms come by chance of the fault's name.
        var forms = Enumerable.Range(0, 12).Select(n =>
        {
            var world = new SimulatedFleet().After(60);
            world.Fleet.Inject(new FaultSpec($"error-{n}", FaultClass.UserCodeError, world.Job("llm-70b").Id, world.Fleet.Now.AddSeconds(1), TimeSpan.FromSeconds(100)));
            world.After(2);
            Assert.Equal(32, world.Job("llm-70b").Log.After(0).Text.Split("Traceback").Length - 1);
            Assert.False(world.Job("llm-70b").IsRunning);
            return Enumerable.Range(0, 8).Count(node => world.KernelMessages(node).Length > 0);
        }).ToArray();

        Assert.Equal([0, 8], forms.Distinct().Order());
    }

    [Fact]
    public void Straggler_MovesOrIsAStage_AndNoGpuIsSlow()
    {
        var slowRanks = Enumerable.Range(0, 8).Select(n =>
        {
            var world = new SimulatedFleet().After(60);
            world.Fleet.Inject(new FaultSpec($"slow-{n}", FaultClass.Straggler, world.Job("llm-70b").Id, world.Fleet.Now.AddSeconds(1), TimeSpan.FromSeconds(200)));
            var seen = Enumerable.Range(0, 10).Select(_ => SlowRanks(world.After(9))).ToArray();
            Assert.InRange(world.Job("llm-70b").SlowFactor, 1.15, 1.3);
            Assert.All(world.Fleet.SimNodes.SelectMany(node => node.Gpus), gpu => Assert.Equal(1, gpu.SlowFactor));
            return (Moves: seen.Select(ranks => string.Join(',', ranks)).Distinct().Count() > 1, seen[0].Length);
        }).ToArray();

        Assert.Equal([(false, 8), (true, 1)], slowRanks.Distinct().Order());

        static int[] SlowRanks(SimulatedFleet world) => [.. JobTelemetry.Of(world.Job("llm-70b"), world.Fleet).Metrics.Single(metric => metric.Name == "train.rank.compute")
            .Points.Index().Where(one => one.Item.Value > 6.2 * 0.7 * 1.1).Select(one => one.Index)];
    }

    [Fact]
    public void StorageStall_HoldsEveryJobInASaveAndBlocksProcesses()
    {
        _world.Inject(FaultClass.StorageStall, new EntityId(EntityKind.Storage, "fs-0"), seconds: 100);
        var steps = _world.After(2).Fleet.Jobs.Select(job => job.Step).ToArray();

        _world.After(60);
        Assert.Equal(steps, _world.Fleet.Jobs.Select(job => job.Step));
        Assert.All(_world.Fleet.Jobs, job => Assert.False(job.IsComputing));
        Assert.Equal((8, 0), (Host(1, "node_procs_blocked"), Host(15, "node_procs_blocked")));
        Assert.Equal((1, 1), (Host(1, "node_filesystem_device_error"), Host(15, "node_filesystem_device_error")));
        Assert.All(_world.After(45).Fleet.Jobs, job => Assert.True(job.IsComputing));
        Assert.Equal(0, Host(1, "node_filesystem_device_error"));
    }

    /// <summary>What only a job's steps can show shows when the job would make one, and not while something else holds it up.</summary>
    [Theory]
    [InlineData(FaultClass.UserCodeHang)]
    [InlineData(FaultClass.Straggler)]
    [InlineData(FaultClass.DataLoaderStall)]
    public void FaultOfAJobThatStandsStillAlready_ShowsOnceTheJobCouldGoOn(string kind)
    {
        var job = _world.Job("llm-70b");
        _world.Inject(FaultClass.GpuOffBus, _world.Gpu(0, 0).Id, seconds: 40);
        _world.After(10);
        var fault = _world.Inject(kind, job.Id, seconds: 120);

        Assert.Equal(fault.At, _world.After(20).Fleet.Truth.Single(truth => truth.Fault == fault).FirstSymptomAt);
        var shown = _world.After(40).Fleet.Truth.Single(truth => truth.Fault == fault).FirstSymptomAt;
        Assert.InRange((shown - fault.At).TotalSeconds, 29, 32);
        Assert.Equal(shown, _world.After(100).Fleet.Truth.Single(truth => truth.Fault == fault).FirstSymptomAt);
    }

    [Fact]
    public void FaultOfAJobThatRuns_ShowsAtItsOnset()
    {
        var fault = _world.Inject(FaultClass.UserCodeHang, _world.Job("llm-70b").Id, seconds: 100);

        Assert.Equal(fault.At, _world.After(50).Fleet.Truth.Single(truth => truth.Fault == fault).FirstSymptomAt);
    }

    private static EntityId Node(int node) => new(EntityKind.Node, $"node-{node:000}");

    private double Host(int node, string name, SimulatedFleet? world = null) => Scrape.Node(world ?? _world, node).Samples.Single(sample => sample.Name == name).Value;
}
