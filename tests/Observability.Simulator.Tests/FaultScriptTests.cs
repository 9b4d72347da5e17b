using Observability.Testing;

namespace Observability.Simulator.Tests;

public sealed class FaultScriptTests
{
    [Fact]
    public void Schedule_TwelveFaults_HasEveryKindOnceInOrderWithTimeBetween()
    {
        var script = FaultScript.Schedule(new SimulatedFleet(nodes: 64).Fleet, 12);

        Assert.Equal(FaultScript.Kinds.Order(StringComparer.Ordinal), script.Select(fault => fault.Kind).Order(StringComparer.Ordinal));
        Assert.Equal(12, script.Select(fault => fault.Id).Distinct().Count());
        Assert.InRange(script[0].At - Fleets.Start, FaultScript.WarmUp, FaultScript.WarmUp + TimeSpan.FromSeconds(20));
        Assert.All(script.Zip(script.Skip(1)), pair => Assert.InRange((pair.Second.At - pair.First.At).TotalSeconds, 220, 260));
        Assert.True(script[^1].At + script[^1].Duration < Fleets.Start + FaultScript.Length(12), "the last fault heals within the script");
    }

    [Fact]
    public void Schedule_SameSeed_IsTheSameScriptAndAnotherSeedIsNot()
    {
        Assert.Equal(FaultScript.Schedule(new SimulatedFleet(seed: 9).Fleet, 8), FaultScript.Schedule(new SimulatedFleet(seed: 9).Fleet, 8));
        Assert.NotEqual(FaultScript.Schedule(new SimulatedFleet(seed: 9).Fleet, 8), FaultScript.Schedule(new SimulatedFleet(seed: 10).Fleet, 8));
    }

    [Fact]
    public void Schedule_Neighbours_HitDifferentJobs()
    {
        var world = new SimulatedFleet(nodes: 64);
        FaultScript.Schedule(world.Fleet, 6);

        var jobs = world.After(FaultScript.Length(6).TotalSeconds).Fleet.Truth.Select(truth => truth.Jobs).ToArray();

        Assert.Equal(6, jobs.Length);
        Assert.All(Enumerable.Range(0, 6), n => Assert.Contains(world.Fleet.Jobs[n % 3].Name, jobs[n]));
    }

    [Fact]
    public void Schedule_OnAFleetThatTellsMore_HasTheSameFaultsAndOneOfEachThatSpoilsTheView()
    {
        var (usual, told) = (new SimulatedFleet(), new SimulatedFleet(telemetry: FleetTelemetry.Clocks | FleetTelemetry.Delays));

        Assert.Equal(FaultScript.Schedule(usual.Fleet, 3), FaultScript.Schedule(told.Fleet, 3));
        Assert.Empty(usual.After(900).Fleet.Negatives);
        Assert.Equal(FaultKinds.Collection.Select(kind => kind.Name), told.After(900).Fleet.Negatives.Select(one => one.Fault.Kind));
    }
}
