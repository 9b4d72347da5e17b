using FsCheck.Xunit;
using Observability.Model;

namespace Observability.Simulator.Tests;

public sealed class CountersTests
{
    [Property(MaxTest = 8)]
    public void Counters_ThroughAnyFaults_NeverGoBackWhileTheBootLasts(byte seed)
    {
        var world = new SimulatedFleet(nodes: 8, seed);
        var random = new Random(seed);
        foreach (var kind in FaultScript.Kinds.Where(kind => !IsRepairedByReset(kind)).OrderBy(_ => random.Next()).Take(5))
            world.Inject(kind, FaultPlaces.Pick(world.Fleet, kind, random), seconds: random.Next(10, 200));

        var last = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var i = 0; i < 15; i++)
        {
            foreach (var (series, value) in world.After(random.Next(1, 30)).Fleet.SimNodes.SelectMany(node => Counted(world, node.Index)))
            {
                Assert.True(value >= last.GetValueOrDefault(series), $"{series}: {last.GetValueOrDefault(series)} then {value}");
                last[series] = value;
            }
        }
    }

    [Fact]
    public void Counters_OfAnIdleNode_MoveOnlyWhereEnergyIsUsed()
    {
        var world = new SimulatedFleet().After(100);

        var moved = Counted(world, 15).Where(one => one.Value > 0).Select(one => one.Series.Split('{')[0].Split('/')[^1]).Distinct();

        Assert.Equal(["DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION"], moved);
    }

    [Fact]
    public void Energy_IsPowerTimesTimeInMillijoules()
    {
        var world = new SimulatedFleet();
        var sum = 0.0;
        for (var second = 0; second < 50; second++)
            sum += GpuGauges.Power(world.After(1).Gpu(0, 0), world.Fleet) * 1_000;

        Assert.Equal(sum, Scrape.Dcgm(world, 0).Value("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", 0), tolerance: 1);
    }

    [Fact]
    public void Counters_OfANodeThatIsDown_StandStill()
    {
        var world = new SimulatedFleet();
        world.Inject(FaultClass.Maintenance, new EntityId(EntityKind.Node, "node-015"), seconds: 300);
        var before = world.After(30).Gpu(15, 0).EnergyMillijoules;

        Assert.Equal((true, before), (world.Fleet.SimNodes[15].Down, world.After(60).Gpu(15, 0).EnergyMillijoules));
    }

    private static bool IsRepairedByReset(string kind) => kind is FaultClass.GpuOffBus or FaultClass.EccUncontained or FaultClass.RowRemapPending or FaultClass.Maintenance;

    // A link rate that is labelled as a counter is none: facts on telemetry, section 1.2.
    private static IEnumerable<(string Series, double Value)> Counted(SimulatedFleet world, int node) =>
        new[] { Scrape.Dcgm(world, node), Scrape.Node(world, node) }.SelectMany((scrape, n) => scrape.Series()
            .Where(one => scrape.Types[one.Series.Split('{')[0]] == "counter" && !one.Series.StartsWith("DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL", StringComparison.Ordinal))
            // A job that moves takes its pod labels along; the GPU stays the same.
            .Select(one => ($"{node}/{n}/{System.Text.RegularExpressions.Regex.Replace(one.Series, "(container|namespace|pod|pod_uid)=[^,}]*,?", "")}", one.Value)));
}
