using Observability.Model;

namespace Observability.Simulator.Tests;

/// <summary>Presets reproduce what is published of their fleets: facts on published failures, sections 2, 3 and 9.</summary>
public sealed class FleetPresetTests
{
    // Mean time between failures that end a job, hours, of a fleet of so many GPUs.
    [Theory]
    [InlineData("llama3", 16_384, 3.09)]
    [InlineData("rsc1", 16_384, 1.8)]
    [InlineData("nebius", 3_000, 56.6)]
    public void Preset_OfAPublishedFleet_HasItsMeanTimeBetweenFailures(string name, int gpus, double hours)
    {
        var preset = FleetPreset.Find(name)!;
        var killing = preset.Rates.Where(rate => rate.Source.EndsWith($"share of {name}'s rate", StringComparison.Ordinal)).Sum(rate => rate.PerHour);

        Assert.Equal(preset.JobKillingPerGpuHour, killing, tolerance: 1e-12);
        Assert.Equal(hours, 1 / (killing * gpus), tolerance: hours * 0.02);
    }

    [Fact]
    public void Mixes_AddUpToThePublishedCounts()
    {
        Assert.Equal((419, 678), (Math.Round(CauseMix.Llama3.Values.Sum()), Math.Round(CauseMix.FtHsdp.Values.Sum())));
        Assert.Equal(1, CauseMix.Blend.Keys.Sum(kind => CauseMix.Share(CauseMix.Blend, kind)), tolerance: 1e-9);
    }

    [Fact]
    public void Rates_EachNameAKindOnceAndSayWhereTheyComeFrom()
    {
        Assert.All(FleetPreset.All, preset =>
        {
            Assert.Equal(preset.Rates.Count, preset.Rates.Select(rate => (rate.Kind, rate.Unit)).Distinct().Count());
            Assert.All(preset.Rates, rate => Assert.NotNull(FaultKinds.Find(rate.Kind)));
            Assert.All(preset.Rates, rate => Assert.Matches("^[VSA]c?: .|^A$", rate.Source));
            Assert.All(preset.Rates, rate => Assert.True(rate.PerHour > 0, rate.Kind));
        });
        Assert.All(FaultKinds.All, kind => Assert.Contains(FleetPreset.Find("llama3")!.Rates, rate => rate.Kind == kind.Name));
    }

    [Fact]
    public void Arrivals_OfAPreset_ComeAsOftenAsTheirRates()
    {
        const double Factor = 2_000;
        var preset = FleetPreset.Find("llama3")! with { BurstShare = 0 };
        var fleet = new SimulatedFleet(nodes: 64).Fleet;
        var arrivals = FaultArrivals.Schedule(fleet, TimeSpan.FromHours(100), preset, Factor);

        foreach (var kind in new[] { FaultClass.GpuOffBus, FaultClass.EccContained, FaultKinds.NicDown, FaultClass.MonitorSilent })
        {
            var expected = preset.Rates.Where(rate => rate.Kind == kind).Sum(rate => rate.PerHour * FaultArrivals.UnitsOf(fleet, rate.Unit)) * Factor * 100;
            // Clusters make counts vary more than Poisson's: a Weibull gap of shape 0.7 has 1.46 times the deviation.
            var deviation = 1.46 * Math.Sqrt(expected);
            Assert.InRange(arrivals.Count(fault => fault.Kind == kind), expected - (4 * deviation), expected + (4 * deviation));
        }
    }

    [Fact]
    public void Arrivals_ClusterMoreThanChanceAlone()
    {
        var fleet = new SimulatedFleet(nodes: 64).Fleet;
        var times = FaultArrivals.Schedule(fleet, TimeSpan.FromHours(500), FleetPreset.Find("llama3")! with { BurstShare = 0 }, 500)
            .Where(fault => fault.Kind == FaultClass.GpuOffBus).Select(fault => (fault.At - fleet.Now).TotalHours).ToArray();
        var gaps = times.Skip(1).Zip(times, (later, earlier) => later - earlier).ToArray();
        var mean = gaps.Average();

        Assert.InRange(Math.Sqrt(gaps.Average(gap => Math.Pow(gap - mean, 2))) / mean, 1.25, 1.7);
    }

    [Fact]
    public void LemonNodes_FailManyTimesAsOftenAsTheOthers()
    {
        var world = new SimulatedFleet(nodes: 256);
        var preset = FleetPreset.Find("llama3")!;
        var lemons = world.Fleet.SimNodes.Where(new PresetArrivals(world.Fleet, preset, new Random(1)).IsLemon).Where(node => node.Gpus[0].Job is not null).Select(node => node.Index).ToArray();
        var hit = FaultArrivals.Schedule(world.Fleet, TimeSpan.FromHours(100), preset with { BurstShare = 0 }, 1_000)
            .Where(fault => fault.Kind is FaultClass.GpuOffBus or FaultClass.EccContained).Select(fault => world.Fleet.GpuOf(fault.Entity)!.Node.Index).ToArray();

        Assert.NotEmpty(lemons);
        var (perLemon, perOther) = (hit.Count(lemons.Contains) / (double)lemons.Length, hit.Count(node => !lemons.Contains(node)) / (double)(256 - lemons.Length));
        Assert.InRange(perLemon / perOther, 12, 32);
    }

    [Fact]
    public void Bursts_HitNodesOfOnePlaceWithinHalfAMinute()
    {
        var world = new SimulatedFleet(nodes: 64);
        var arrivals = FaultArrivals.Schedule(world.Fleet, TimeSpan.FromHours(20), FleetPreset.Find("llama3")! with { BurstShare = 1 }, 500)
            .Where(fault => fault.Kind == FaultClass.GpuOffBus).ToArray();

        var near = arrivals.Skip(1).Zip(arrivals).Where(pair => pair.First.At - pair.Second.At <= TimeSpan.FromSeconds(30)).ToArray();
        Assert.True(near.Length > arrivals.Length / 4, $"{near.Length} of {arrivals.Length}");
    }

    [Fact]
    public void UserErrors_ComeSoonAfterAStart()
    {
        var world = new SimulatedFleet(nodes: 64);
        var arrivals = FaultArrivals.Schedule(world.Fleet, TimeSpan.FromHours(40), FleetPreset.Find("llama3")!, 2_000);
        var starts = arrivals.Where(fault => fault.Kind is FaultKinds.Deploy or FaultKinds.BadDeploy or FaultKinds.JobRestart or FaultClass.JobKilled or FaultClass.UserCodeHang).ToArray();
        var errors = arrivals.Where(fault => fault.Kind == FaultClass.UserCodeError).ToArray();

        var young = errors.Count(error => starts.Any(start => start.Entity == error.Entity && error.At >= start.At && error.At - start.At <= TimeSpan.FromSeconds(661)));
        Assert.True(errors.Length > 30, $"{errors.Length}");
        Assert.InRange(young / (double)errors.Length, 0.65, 1);
    }

    [Fact]
    public void Preset_SameSeed_GivesTheSameBytesAndAnotherSeedDoesNot()
    {
        Assert.Equal(Played(5), Played(5));
        Assert.NotEqual(Played(5), Played(6));

        static string Played(int seed)
        {
            var world = new SimulatedFleet(nodes: 8, seed);
            var arrivals = FaultArrivals.Schedule(world.Fleet, TimeSpan.FromMinutes(20), FleetPreset.Find("rsc1")!, 20_000);
            Assert.True(arrivals.Count > 10);
            return world.After(1_300).Everything() + string.Join('\n', world.Fleet.Truth.Concat(world.Fleet.Negatives).Select(truth => truth.Fault));
        }
    }

    [Fact]
    public void Preset_ManyFaultsAtOnce_LeaveAFleetThatWorks()
    {
        var world = new SimulatedFleet(nodes: 16, seed: 3);
        FaultArrivals.Schedule(world.Fleet, TimeSpan.FromHours(1), FleetPreset.Find("llama3")!, 50_000);
        world.After(3_600 + 1_200 + 400);

        Assert.True(world.Fleet.Truth.Count > 100);
        Assert.NotEmpty(world.Fleet.Negatives);
        Assert.All(world.Fleet.Jobs, job => Assert.Equal((job.Name, true, 1.0), (job.Name, job.IsRunning, job.SlowFactor)));
    }
}
