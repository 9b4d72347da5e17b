using FsCheck.Xunit;
using Observability.Model;
using Observability.Testing;

namespace Observability.Simulator.Tests;

public sealed class FleetTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(2_049)]
    public void Fleet_NodesOutsideItsLimits_IsRefusedWithTheLimits(int nodes)
    {
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => new SimulatedFleet(nodes));

        Assert.StartsWith("nodes: must be 4 to 2048", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, 2, 1, 1)]
    [InlineData(64, 32, 19, 9)]
    [InlineData(2_048, 1_024, 614, 307)]
    public void Fleet_AnySize_PlacesThreeJobsOnWholeNodesWithoutOverlap(int nodes, int first, int second, int third)
    {
        var fleet = new SimulatedFleet(nodes).Fleet;

        Assert.Equal(nodes, fleet.SimNodes.Count);
        Assert.Equal([first * 8, second * 8, third * 8], fleet.Jobs.Select(job => job.Ranks.Count));
        Assert.Equal((first + second + third) * 8, fleet.Jobs.SelectMany(job => job.Ranks).Distinct().Count());
        Assert.All(fleet.Jobs, job => Assert.Equal(Enumerable.Range(0, job.Ranks.Count), job.Ranks.Select(gpu => gpu.Rank)));
        Assert.All(fleet.Jobs.SelectMany(job => job.Ranks.Chunk(8)), node => Assert.Single(node.Select(gpu => gpu.Node).Distinct()));
    }

    [Fact]
    public void Fleet_LargestSize_HasNamesUuidsAndAddressesOfItsOwn()
    {
        var fleet = new SimulatedFleet(2_048).Fleet;

        var gpus = fleet.SimNodes.SelectMany(node => node.Gpus).ToArray();
        Assert.Equal(16_384, gpus.Select(gpu => gpu.Uuid).Distinct().Count());
        Assert.All(gpus, gpu => Assert.Matches("^GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", gpu.Uuid));
        Assert.Equal(2_048, fleet.SimNodes.Select(node => node.Name).Distinct().Count());
        Assert.All(fleet.SimNodes, node => Assert.Equal(16, node.Gpus.Select(gpu => gpu.Pci[..10]).Concat(node.Nics.Select(nic => nic.Pci[..10])).Distinct().Count()));
    }

    [Fact]
    public void Fleet_SameSeed_GivesTheSameBytes()
    {
        Assert.Equal(Played(seed: 5), Played(seed: 5));
    }

    [Fact]
    public void Fleet_OtherSeed_GivesOtherBytes()
    {
        Assert.NotEqual(Played(seed: 5), Played(seed: 6));
    }

    [Property(MaxTest = 15)]
    public void Fleet_AnyStride_GivesTheWorldOfSecondsOneByOne(byte first, byte second, byte third)
    {
        var (slow, strides) = (Scripted(seed: 3), Scripted(seed: 3));

        for (var i = 0; i < first + second + third; i++)
            slow.After(1);
        foreach (var stride in new[] { first, second, third })
            strides.After(stride);

        Assert.Equal(slow.Everything(), strides.Everything());
    }

    [Fact]
    public void Fleet_TimeThatDoesNotMoveOn_ChangesNothing()
    {
        var world = new SimulatedFleet().After(30);
        var before = world.Everything();

        world.After(0).After(-10);

        Assert.Equal(before, world.Everything());
    }

    [Theory]
    [InlineData("gpu_melted", "kind 'gpu_melted' cannot be injected; one of bad_deploy, bad_driver, clock_skew, congestion, cpu_contention, ")]
    [InlineData(FaultClass.GpuOffBus, "gpu_off_bus needs a Gpu, not 'node:node-000'")]
    [InlineData(FaultClass.Maintenance, "the fleet has no 'node:node-999'")]
    public void Inject_WhatCannotBe_IsRefusedAtOnce(string kind, string why)
    {
        var fleet = new SimulatedFleet().Fleet;
        var node = new EntityId(EntityKind.Node, kind == FaultClass.Maintenance ? "node-999" : "node-000");

        var refused = Assert.Throws<ArgumentException>(() => fleet.Inject(new FaultSpec("x", kind, node, Fleets.Start, TimeSpan.FromSeconds(1))));

        Assert.StartsWith($"fault x: {why}", refused.Message, StringComparison.Ordinal);
        Assert.Empty(fleet.Truth);
    }

    [Fact]
    public void Inject_WithoutDuration_IsRefused()
    {
        var world = new SimulatedFleet();

        Assert.Throws<ArgumentException>(() => world.Inject(FaultClass.GpuOffBus, world.Gpu(0, 0).Id, seconds: 0));
    }

    [Fact]
    public void Inject_SameFaultTwiceOverlapping_EndsWithTheLaterOne()
    {
        var world = new SimulatedFleet();
        world.Inject(FaultClass.ThermalThrottle, world.Gpu(0, 0).Id, seconds: 50);
        world.After(30);
        world.Inject(FaultClass.ThermalThrottle, world.Gpu(0, 0).Id, seconds: 50);

        Assert.True(world.After(40).Gpu(0, 0).Throttled);
        Assert.False(world.After(20).Gpu(0, 0).Throttled);
    }

    [Fact]
    public void Evict_WithASpareNode_MovesTheRanksAndStartsTheJobAgain()
    {
        var world = new SimulatedFleet();
        var job = world.Job("llm-70b");
        world.Fleet.Evict("training", "llm-70b-node-003", world.Fleet.Now);

        Assert.DoesNotContain(job.Ranks, gpu => gpu.Node.Name == "node-003");
        Assert.Equal(64, job.Ranks.Select(gpu => gpu.Uuid).Distinct().Count());
        Assert.DoesNotContain(world.Fleet.Pods, pod => pod.Job == "llm-70b");
        Assert.Equal(2, world.After(91).Job("llm-70b").Generation);
        Assert.Equal("uid-llm-70b-node-000-2", world.Fleet.Pods.First(pod => pod.Job == "llm-70b").Uid);
        Assert.False(job.IsRunning);
        Assert.True(world.After(17).Job("llm-70b").IsRunning);
    }

    [Fact]
    public void Evict_EveryNodeCordoned_KeepsTheRanksWhereTheyAre()
    {
        var world = new SimulatedFleet();
        foreach (var node in world.Fleet.SimNodes)
            world.Fleet.SetSchedulable(node.Name, false, world.Fleet.Now);

        world.Fleet.Evict("training", "llm-70b-node-003", world.Fleet.Now);

        Assert.Equal(8, world.Job("llm-70b").Ranks.Count(gpu => gpu.Node.Name == "node-003"));
    }

    private static string Played(int seed) => Scripted(seed).After(FaultScript.Length(3).TotalSeconds).Everything();

    private static SimulatedFleet Scripted(int seed)
    {
        var world = new SimulatedFleet(nodes: 8, seed);
        FaultScript.Schedule(world.Fleet, 3);
        return world;
    }
}
