using Observability.Model;

namespace Observability.Simulator.Tests;

/// <summary>What is true of each kind of fault: who is at fault, what may be cordoned, who suffers.</summary>
public sealed class FaultTruthTests
{
    public static TheoryData<string> Kinds => [.. FaultScript.Kinds];

    public static TheoryData<string> AllKinds => [.. FaultKinds.All.Concat(FaultKinds.Collection).Select(kind => kind.Name)];

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
    [MemberData(nameof(AllKinds))]
    public void Fault_OfAnyKind_IsKeptAsFaultOrNegativeWithItsFirstSign(string name)
    {
        var world = new SimulatedFleet().After(60);
        var kind = FaultKinds.Find(name)!;
        var fault = world.Inject(name, FaultPlaces.Pick(world.Job("llm-70b"), name, new Random(4)), seconds: 200);
        world.After(1);

        var truth = Assert.Single(kind.IsNegative ? world.Fleet.Negatives : world.Fleet.Truth);
        Assert.Empty(kind.IsNegative ? world.Fleet.Truth : world.Fleet.Negatives);
        Assert.Equal((fault, kind), (truth.Fault, truth.Kind));
        Assert.Equal(fault.Entity, truth.Entities[0]);
        Assert.InRange(truth.FirstSymptomAt, fault.At, fault.At + fault.Duration);
        Assert.Contains("llm-70b", truth.Jobs);
        Assert.Equal(truth.Jobs.Min(name => world.Job(name).BaseStepSeconds), truth.StepSeconds!.Value, 3);
        Assert.Equal(kind is { IsHardware: true, Hits: EntityKind.Gpu or EntityKind.Nic or EntityKind.Node }, truth.Nodes.Count == 1);
    }

    // A log agent that holds lines back shows when there is one to hold.
    public static TheoryData<string> SpeakingKinds => [.. FaultKinds.All.Concat(FaultKinds.Collection).Select(kind => kind.Name).Where(kind => kind != FaultKinds.LateLogs)];

    [Theory]
    [MemberData(nameof(SpeakingKinds))]
    public void Fault_OfAnyKind_ShowsWithinItsTimeAndTheFleetWithoutItDoesNot(string name)
    {
        var (with, without) = (new SimulatedFleet().After(60), new SimulatedFleet().After(60));
        var fault = with.Inject(name, FaultPlaces.Pick(with.Job("llm-70b"), name, new Random(4)), seconds: 200);
        // A sign of what grows or waits for the next step may take a few more.
        var until = FaultKinds.Find(name)!.FirstSymptomOf(fault) - with.Fleet.Now;

        Assert.NotEqual(without.After(until.TotalSeconds + 16).Everything(), with.After(until.TotalSeconds + 16).Everything());
    }

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void Fault_AfterItsEnd_LeavesAFleetThatWorks(string kind)
    {
        var world = new SimulatedFleet();
        world.After(60).Inject(kind, FaultPlaces.Pick(world.Job("moe-8x22b"), kind, new Random(4)), seconds: 210);

        world.After(211 + 400);

        Assert.All(world.Fleet.SimNodes, node => Assert.False(node.Down || node.SilentExporters.Count > 0 || node.Late.Count > 0 || node.LogHeldSince is not null));
        Assert.All(world.Fleet.SimNodes, node => Assert.Equal(TimeSpan.Zero, node.Clock.OffsetAt(world.Fleet.Now)));
        Assert.All(world.Fleet.SimNodes.SelectMany(node => node.Gpus), gpu => Assert.Equal((false, 1.0), (gpu.Blocks || gpu.RemapPending, gpu.SlowFactor)));
        Assert.All(world.Fleet.SimNodes.SelectMany(node => node.Nics), nic => Assert.False(nic.Down || nic.Slow || nic.Lossy || nic.SymbolsReadZero));
        Assert.All(world.Fleet.SimNodes.SelectMany(node => node.Nics).Select(nic => nic.Rates), rates => Assert.Equal(
            0, rates.AckTimeouts + rates.SymbolErrors + rates.SequenceErrors + rates.PausesSent + rates.PausesReceived + rates.CongestionNotices + rates.CorrectedBits));
        Assert.All(world.Fleet.SimNodes, node => Assert.Equal((0, 0, 1.4e12, 5.3e12), (node.Host.ExtraLoad, node.Host.Blocked, node.Host.MemoryAvailable, node.Host.DiskAvailable)));
        Assert.Equal(0, world.Fleet.WarmAir);
        Assert.All(world.Fleet.Jobs, job => Assert.Equal((true, 1.0), (job.IsRunning, job.SlowFactor)));
    }

    private static string NodeOf(SimulatedFleet world, EntityId entity) =>
        entity.Kind == EntityKind.Nic ? entity.Name.Split('/')[0] : world.Fleet.GpuOf(entity)!.Node.Name;
}
