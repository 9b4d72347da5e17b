using Observability.Model;

namespace Observability.Simulator.Tests;

/// <summary>What is true of each kind of fault: who is at fault, what may be cordoned, who suffers.</summary>
public sealed class FaultTruthTests
{
    public static TheoryData<string> Kinds => [.. FaultScript.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fault_WhenItBegins_IsRecordedWithItsTruth(string kind)
    {
        var world = new SimulatedFleet();
        var entity = FaultPlaces.Pick(world.Job("moe-8x22b"), kind, new Random(4));
        var fault = world.Inject(kind, entity);

        Assert.Empty(world.Fleet.Truth);
        var truth = Assert.Single(world.After(1).Fleet.Truth);

        var mayCordon = FaultClass.KindOf(kind) == VerdictKind.Hardware && entity.Kind != EntityKind.Switch;
        Assert.Equal(fault, truth.Fault);
        Assert.Equal([entity], truth.Entities);
        Assert.Equal(mayCordon ? [NodeOf(world, entity)] : [], truth.Nodes);
        Assert.Equal(entity.Kind == EntityKind.Switch ? ["llm-70b", "moe-8x22b", "vision-7b"] : ["moe-8x22b"], truth.Jobs);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fault_AfterItsEnd_LeavesAFleetThatWorks(string kind)
    {
        var world = new SimulatedFleet();
        world.After(60).Inject(kind, FaultPlaces.Pick(world.Job("moe-8x22b"), kind, new Random(4)), seconds: 210);

        world.After(211 + 400);

        Assert.All(world.Fleet.SimNodes, node => Assert.False(node.Down || node.SilentExporters.Count > 0));
        Assert.All(world.Fleet.SimNodes.SelectMany(node => node.Gpus), gpu => Assert.Equal((false, 1.0), (gpu.Blocks || gpu.RemapPending, gpu.SlowFactor)));
        Assert.All(world.Fleet.SimNodes.SelectMany(node => node.Nics), nic => Assert.False(nic.Down || nic.Slow));
        Assert.All(world.Fleet.Jobs, job => Assert.Equal((true, 1.0), (job.IsRunning, job.SlowFactor)));
    }

    private static string NodeOf(SimulatedFleet world, EntityId entity) =>
        entity.Kind == EntityKind.Nic ? entity.Name.Split('/')[0] : world.Fleet.GpuOf(entity)!.Node.Name;
}
