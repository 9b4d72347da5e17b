using Observability.Model;

namespace Observability.Slos.Tests;

public sealed class IndicatorTests
{
    [Fact]
    public async Task Counters_WithAResetAndANewSeries_AddUpSeriesBySeries()
    {
        var world = new World(World.Slo(new SliSpec { Good = "good", Total = "total", IsCounter = true }));
        world.Queries.Set("good", [("a", 1000), ("b", 500)]);
        world.Queries.Set("total", [("a", 1000), ("b", 500)]);
        await world.StepAsync();
        Assert.Null(world.Budget.Attainment);

        // a grew by 90 of 100; b began again and counted 10 of 10; c is new and only a base line.
        world.Queries.Set("good", [("a", 1090), ("b", 10), ("c", 7)]);
        world.Queries.Set("total", [("a", 1100), ("b", 10), ("c", 7)]);
        await world.StepAsync();

        Assert.Equal(100d / 110, world.Budget.Attainment!.Value, 12);
    }

    [Fact]
    public async Task Counters_WithoutGoodSeries_AreAllBad()
    {
        var world = new World(World.Slo(new SliSpec { Good = "good", Total = "total", IsCounter = true }));
        world.Queries.Set("total", 10);
        await world.StepAsync();
        world.Queries.Set("total", 20);
        await world.StepAsync();

        Assert.Equal(0, world.Budget.Attainment);
    }

    [Fact]
    public async Task Counters_MoreThanTheLimit_AreLeftOut()
    {
        var slo = World.Slo(new SliSpec { Bad = "bad", Total = "total", IsCounter = true });
        var world = new World(slo, new SloOptions { MaximumSeries = 1 });
        world.Queries.Set("bad", [("a", 0)]);
        world.Queries.Set("total", [("a", 0), ("b", 0)]);
        await world.StepAsync();
        world.Queries.Set("bad", [("a", 1)]);
        world.Queries.Set("total", [("a", 4), ("b", 1000)]);
        await world.StepAsync();

        Assert.Equal(0.75, world.Budget.Attainment);
    }

    [Theory]
    [InlineData("gte", 0.5, new[] { 0.5, 0.4, 0.6, double.NaN }, 2d / 3)]
    [InlineData("gt", 0.5, new[] { 0.5, 0.4, 0.6, 0.7 }, 0.5)]
    [InlineData("lt", 0.5, new[] { 0.5, 0.4, 0.6, 0.7 }, 0.25)]
    [InlineData("lte", 0.5, new[] { 0.5, 0.4, double.PositiveInfinity }, 2d / 3)]
    [InlineData("gt", 0.5, new[] { double.NaN }, null)]
    [InlineData("gt", 0.5, new double[0], null)]
    public async Task Threshold_OverSamples_IsTheShareThatHolds(string op, double bound, double[] values, double? expected)
    {
        var world = new World(World.Slo(new SliSpec { Threshold = "gauge" }) with { ThresholdOperator = op, ThresholdValue = bound });
        world.Queries.Set("gauge", values);
        await world.StepAsync();

        Assert.Equal(expected.HasValue, world.Budget.Attainment.HasValue);
        Assert.Equal(expected ?? 0, world.Budget.Attainment ?? 0, 12);
    }

    [Fact]
    public async Task Ratios_OfEachForm_GiveTheSameAttainment()
    {
        SliSpec[] forms =
        [
            new() { Good = "nine", Total = "ten" }, new() { Bad = "one", Total = "ten" },
            new() { RawSuccess = "success" }, new() { RawFailure = "failure" },
        ];
        foreach (var form in forms)
        {
            var world = new World(World.Slo(form));
            world.Queries.Set("nine", 4, 5);
            world.Queries.Set("one", 1);
            world.Queries.Set("ten", 10);
            world.Queries.Set("success", 0.8, 1);
            world.Queries.Set("failure", 0.2, 0);
            await world.StepAsync();

            Assert.Equal(0.9, world.Budget.Attainment!.Value, 12);
        }
    }

    [Fact]
    public async Task FailedQuery_LeavesTheBudgetAsItWas()
    {
        var world = new World(World.Raw());
        await world.RunAsync(10, 0.9);
        var before = world.Budget;
        world.Queries.Fail("raw");
        await world.StepAsync();

        Assert.Equal(before.Attainment, world.Budget.Attainment);
        Assert.Equal(World.Start.AddMinutes(10), world.Budget.At);
    }
}
