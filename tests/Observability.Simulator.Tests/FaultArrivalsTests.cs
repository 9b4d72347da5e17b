using Observability.Model;

namespace Observability.Simulator.Tests;

/// <summary>Faults by chance come as often as facts on published failures say, times a factor.</summary>
public sealed class FaultArrivalsTests
{
    [Fact]
    public void ExpectedPerHour_LargeFleet_IsTheSumOfThePublishedRates()
    {
        // 16,384 GPUs: 0.4 failures of hardware and software an hour is one in 2.5 h; exporters and planned work come beside.
        var fleet = new SimulatedFleet(nodes: 2_048).Fleet;
        var gpus = 1.4e-6 + 1.7e-7 + 3.4e-6 + 2.8e-7 + 5e-7 + 3.3e-7 + 8e-7 + 2.54e-6;
        var expected = (16_384 * (gpus + 1e-6)) + (64 * 8 * 7e-7) + (4_096 * 1e-4) + (2_048 * 1.77e-5);

        Assert.Equal(expected, FaultArrivals.ExpectedPerHour(fleet, 1), tolerance: 1e-9);
        Assert.Equal(expected * 10, FaultArrivals.ExpectedPerHour(fleet, 10), tolerance: 1e-8);
    }

    [Fact]
    public void Schedule_ManyHours_HasTheExpectedNumberOfEachKind()
    {
        const double Factor = 1_000;
        var fleet = new SimulatedFleet(nodes: 64).Fleet;
        var arrivals = FaultArrivals.Schedule(fleet, TimeSpan.FromHours(100), Factor);

        foreach (var (kind, units) in new[] { (FaultClass.GpuOffBus, 512), (FaultClass.RowRemapPending, 512), (FaultClass.MonitorSilent, 128), (FaultClass.Maintenance, 64), (FaultClass.LeafFlap, 16) })
        {
            var expected = FaultRate.Published.Single(rate => rate.Kind == kind).PerHour * units * Factor * 100;
            // Four standard deviations of a Poisson count.
            Assert.InRange(arrivals.Count(fault => fault.Kind == kind), expected - (4 * Math.Sqrt(expected)) - 1, expected + (4 * Math.Sqrt(expected)) + 1);
        }
    }

    [Fact]
    public void Schedule_Arrivals_AreOrderedNamedOnceAndWithinTheirSpan()
    {
        var world = new SimulatedFleet(nodes: 64).After(10);
        var arrivals = FaultArrivals.Schedule(world.Fleet, TimeSpan.FromHours(10), 500);

        Assert.NotEmpty(arrivals);
        Assert.Equal(arrivals.OrderBy(fault => fault.At), arrivals);
        Assert.Equal(arrivals.Count, arrivals.Select(fault => fault.Id).Distinct().Count());
        Assert.All(arrivals, fault => Assert.InRange(fault.At, world.Fleet.Now.AddSeconds(1), world.Fleet.Now.AddHours(10)));
        Assert.All(arrivals, fault => Assert.InRange(fault.Duration, TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(600)));
    }

    [Fact]
    public void Schedule_HourAfterHour_DiffersButIsTheSameInEveryRun()
    {
        Assert.Equal(TwoHours(), TwoHours());
        Assert.NotEqual(TwoHours()[0], TwoHours()[1]);

        static string[] TwoHours()
        {
            var world = new SimulatedFleet();
            var first = Offsets(world);
            return [first, Offsets(world.After(3_600))];
        }

        static string Offsets(SimulatedFleet world) => string.Join(' ', FaultArrivals.Schedule(world.Fleet, TimeSpan.FromHours(1), 2_000)
            .Select(fault => $"{(fault.At - world.Fleet.Now).TotalSeconds}:{fault.Kind}:{fault.Entity}"));
    }

    [Fact]
    public void Schedule_EveryKind_ArrivesAndEndsWithAFleetThatWorks()
    {
        var world = new SimulatedFleet(nodes: 8);
        var arrivals = FaultArrivals.Schedule(world.Fleet, TimeSpan.FromHours(2), 60_000);
        world.After((2 * 3_600) + 1_200);

        Assert.Equal(FaultScript.Kinds.Order(StringComparer.Ordinal), arrivals.Select(fault => fault.Kind).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(arrivals.Count, world.Fleet.Truth.Count);
        Assert.All(world.Fleet.Jobs, job => Assert.Equal((true, 1.0), (job.IsRunning, job.SlowFactor)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Schedule_FactorThatIsNone_IsRefused(double factor)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FaultArrivals.Schedule(new SimulatedFleet().Fleet, TimeSpan.FromHours(1), factor));
    }
}
