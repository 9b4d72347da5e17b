using Observability.Model;

namespace Observability.Slos.Tests;

/// <summary>The worked example of the OpenSLO specification: two weeks, target 95 %, usually 99 % good, then a flood that leaves 1 %.</summary>
public sealed class BudgetingMethodTests
{
    [Theory]
    // 16 h 48 min of bad minutes are 5 % of two weeks.
    [InlineData(BudgetingMethod.Timeslices, 1008)]
    // The usual 1 % of errors is paid from the same budget: 0.04 * 20160 / 0.98 minutes are left.
    [InlineData(BudgetingMethod.RatioTimeslices, 823)]
    public async Task Flood_AfterTwoUsualWeeks_ExhaustsTheBudgetAfter(BudgetingMethod method, int expectedMinutes)
    {
        var slo = World.Raw(0.95, 14) with { Method = method, TimeSliceTarget = 0.95, TimeSlice = TimeSpan.FromMinutes(1) };
        var world = new World(slo);
        await world.RunAsync((14 * 1440) + 1, 0.99);

        var flood = 0;
        while (world.Budget.Remaining > 1e-9 && flood < 2000)
        {
            await world.RunAsync(1, 0.01);
            flood++;
        }

        // The minute that ends the budget counts once it is over.
        Assert.Equal(expectedMinutes, flood - 1);
    }
}
