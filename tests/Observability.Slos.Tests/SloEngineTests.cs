using System.Text.Json;
using Observability.Model;

namespace Observability.Slos.Tests;

public sealed class SloEngineTests
{
    private static readonly BurnRateWindow Fast = new(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), 14.4, "critical");
    private static readonly BurnRateWindow Slow = new(TimeSpan.FromDays(3), TimeSpan.FromHours(6), 1, "warning");

    [Fact]
    public void Engine_BeforeItsFirstEvaluation_HasNoDataAndAClosedGate()
    {
        var world = new World(World.Raw());

        Assert.Equal((null, null, null), (world.Budget.Attainment, world.Budget.Remaining, world.Budget.BurnRate));
        Assert.Equal(new GateDecision(false, "there is no data yet, and unknown is not healthy"), world.Engine.Gate("s"));
        Assert.Null(world.Engine.Gate("other"));
    }

    [Fact]
    public async Task Outage_OfAnHour_FiresTheRowThatBurnsAndResolvesIt()
    {
        var world = new World(World.Raw() with { BurnRates = [Fast, Slow] });
        await world.RunAsync(120, 1);
        Assert.Empty(world.Alerts);
        await world.RunAsync(60, 0);
        var first = world.Alerts[0];
        var firing = world.Alerts.Count;
        await world.RunAsync(10, 1);

        // 14.4 * 1 % of an hour is 8.64 minutes: the ninth bad minute is the first that is above.
        Assert.Equal(World.Start.AddMinutes(128), first.StartsAt);
        Assert.Equal(
            LabelSet.Of(("alertname", "ErrorBudgetBurn"), ("severity", "critical"), ("fault_class", "unknown"), ("role", "symptom"),
                ("entity", "service:slo-s"), ("slo", "s"), ("service", "svc"), ("window", "1h/5m")),
            first.Labels);
        Assert.Equal((AlertState.Firing, AlertOrigin.Slo, (DateTimeOffset?)null), (first.State, first.Origin, first.EndsAt));
        Assert.Equal("S burns its error budget 15.0 times as fast as allowed over 1h; 14.4 is the limit", first.Annotations["summary"]);
        Assert.Equal(60 - 8, firing);
        Assert.All(world.Alerts.Take(firing), alert => Assert.Equal((first.Labels, first.StartsAt), (alert.Labels, alert.StartsAt)));
        // Four good minutes leave one bad one in five, which is 20 %; five leave none.
        var resolved = Assert.Single(world.Alerts, alert => alert.State == AlertState.Resolved);
        Assert.Equal((first.Labels, first.StartsAt, World.Start.AddMinutes(184)), (resolved.Labels, resolved.StartsAt, resolved.EndsAt));
    }

    [Fact]
    public async Task Alert_WhenDataStops_StaysFiring()
    {
        var world = new World(World.Raw() with { BurnRates = [Fast] });
        await world.RunAsync(30, 0);
        world.Queries.Fail("raw");
        for (var i = 0; i < 120; i++)
            await world.StepAsync();

        Assert.Equal(AlertState.Firing, world.Alerts[^1].State);
        Assert.Equal(["1h/5m"], world.Budget.Burning);
        Assert.Null(world.Budget.BurnRate);
    }

    [Fact]
    public async Task Burns_OfAnOutage_AddUpToWhatTheBudgetLost()
    {
        var world = new World(World.Raw());
        await world.RunAsync(60, 1);
        await world.RunAsync(30, 0.5);
        await world.RunAsync(1, 1);

        // Half of 30 minutes out of the 432 bad minutes that 1 % of 30 days allows.
        Assert.Equal(30, world.Burns.Count);
        Assert.Equal(new BudgetBurn("s", World.Start.AddMinutes(60), World.Start.AddMinutes(61), world.Burns[0].BudgetShare), world.Burns[0]);
        Assert.Equal(15d / 432, world.Burns.Sum(burn => burn.BudgetShare), 9);
        Assert.Equal(1 - (15d / 432), world.Budget.Remaining!.Value, 9);
    }

    [Fact]
    public async Task Exclusion_AfterTheFact_GivesTheBudgetBack()
    {
        var world = new World(World.Raw(days: 1));
        await world.RunAsync(1440, 1);
        await world.RunAsync(60, 0);
        Assert.True(world.Budget.Remaining < 0);
        Assert.False(world.Engine.Gate("s")!.Allowed);

        var exclusion = new BudgetExclusion("s", World.Start.AddMinutes(1440), World.Start.AddMinutes(1500), "oncall", "maintenance");
        Assert.True(world.Engine.Exclude(exclusion).Accepted);

        Assert.Equal((1d, 1d), (world.Budget.Remaining, world.Budget.Attainment));
        Assert.Equal(new GateDecision(true, "100.0 % of the budget is left and nothing burns"), world.Engine.Gate("s"));
    }

    [Fact]
    public void Exclusion_ThatCannotBe_IsRefusedWithTheReason()
    {
        var world = new World(World.Raw(), new SloOptions { MaximumExclusions = 1 });
        var good = new BudgetExclusion("s", World.Start, World.Start.AddHours(1), "a", "r");

        Assert.Equal(CommandOutcome.Refused("there is no SLO 'x'"), world.Engine.Exclude(good with { SloId = "x" }));
        Assert.StartsWith("the exclusion ends at", world.Engine.Exclude(good with { To = good.From }).Message, StringComparison.Ordinal);
        Assert.True(world.Engine.Exclude(good).Accepted);
        Assert.Equal(CommandOutcome.Refused("s has 1 exclusions already"), world.Engine.Exclude(good with { Reason = "again" }));
    }

    [Fact]
    public async Task Gate_AfterTheBudgetWasUsedUp_OpensOnlyOnceEnoughIsBack()
    {
        var world = new World(World.Raw(0.9, 1), new SloOptions { GateReopensAt = 0.5 });
        await world.RunAsync(1440, 1);
        await world.RunAsync(150, 0);
        Assert.Equal("the gate opens above 50 %", world.Engine.Gate("s")!.Reason.Split("; ")[1]);
        // A day after the first bad minutes they leave the window one by one.
        await world.RunAsync(1440 - 150 + 50, 1);
        Assert.True(world.Budget.Remaining > 0);
        Assert.False(world.Engine.Gate("s")!.Allowed);
        await world.RunAsync(40, 1);

        Assert.True(world.Engine.Gate("s")!.Allowed);
    }

    [Fact]
    public async Task Restart_WithKeptState_GoesOnAsIfNothingHadHappened()
    {
        var slo = World.Raw(days: 2) with { BurnRates = [Fast] };
        var world = new World(slo);
        await world.RunAsync(90, 1);
        await world.RunAsync(20, 0);
        world.Engine.Exclude(new BudgetExclusion("s", World.Start.AddMinutes(95), World.Start.AddMinutes(97), "a", "r"));
        var kept = JsonSerializer.Deserialize<SloState>(JsonSerializer.Serialize(world.Engine.Export()))!;

        var after = new World(slo) { Now = world.Now };
        after.Engine.Import(kept);
        await after.RunAsync(3, 0);
        var (alerts, burns) = (world.Alerts.Count, world.Burns.Count);
        await world.RunAsync(3, 0);

        Assert.Equal(world.Budget with { Burning = [] }, after.Budget with { Burning = [] });
        Assert.Equal(world.Budget.Burning, after.Budget.Burning);
        Assert.Equal(world.Burns.Skip(burns), after.Burns);
        Assert.Equal(world.Alerts.Skip(alerts).Select(alert => (alert.StartsAt, alert.UpdatedAt)), after.Alerts.Select(alert => (alert.StartsAt, alert.UpdatedAt)));
    }

    [Fact]
    public void Import_OfOtherBuckets_LeavesTheBudgetEmpty()
    {
        var world = new World(World.Raw());
        var state = world.Engine.Export().Ledgers[0] with { Bucket = TimeSpan.FromMinutes(7), FirstBucket = 1, Good = [1], Total = [1] };

        world.Engine.Import(new SloState([state]));

        Assert.Empty(world.Engine.Export().Ledgers[0].Good);
    }

    [Fact]
    public async Task CalendarMonth_AtItsEnd_BeginsWithAFullBudget()
    {
        var slo = World.Raw(0.5) with { CalendarStart = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), CalendarMonths = 1 };
        var world = new World(slo) { Now = new DateTimeOffset(2026, 2, 28, 23, 0, 0, TimeSpan.Zero) };
        await world.RunAsync(60, 0);
        Assert.Equal(0, world.Budget.Attainment);
        // An hour of 28 days, all bad, against half of them.
        Assert.Equal(1 - (60d / (28 * 1440) * 2), world.Budget.Remaining!.Value, 9);
        await world.RunAsync(2, 1);

        Assert.Equal((1d, 1d), (world.Budget.Attainment, world.Budget.Remaining));
    }

    [Fact]
    public async Task Series_OfAnEvaluation_HaveSlothsNamesAndLabels()
    {
        var world = new World(World.Raw(0.9));
        await world.RunAsync(10, 0.95);

        var samples = world.Last!.Samples.ToDictionary(sample => sample.Labels.MetricName, sample => sample);
        Assert.Equal(
            [
                "slo:current_burn_rate:ratio", "slo:error_budget:ratio", "slo:objective:ratio", "slo:period_burn_rate:ratio",
                "slo:period_error_budget_remaining:ratio", "slo:sli_error:ratio_rate1d", "slo:sli_error:ratio_rate1h",
                "slo:sli_error:ratio_rate2h", "slo:sli_error:ratio_rate30d", "slo:sli_error:ratio_rate30m", "slo:sli_error:ratio_rate3d",
                "slo:sli_error:ratio_rate5m", "slo:sli_error:ratio_rate6h", "slo:time_period:days", "sloth_slo_info",
            ],
            samples.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            LabelSet.Of(("__name__", "slo:sli_error:ratio_rate5m"), ("sloth_id", "svc-s"), ("sloth_service", "svc"), ("sloth_slo", "s"), ("sloth_window", "5m")),
            samples["slo:sli_error:ratio_rate5m"].Labels);
        Assert.Equal(0.05, samples["slo:sli_error:ratio_rate5m"].Sample.Value, 12);
        Assert.Equal(0.5, samples["slo:current_burn_rate:ratio"].Sample.Value, 12);
        Assert.Equal(30, samples["slo:time_period:days"].Sample.Value);
    }

    [Fact]
    public async Task EvaluateDue_BeforeTheInterval_DoesNothing()
    {
        var world = new World(World.Raw(), new SloOptions { Interval = TimeSpan.FromMinutes(1) });
        world.Queries.Set("raw", 1);
        await world.Engine.EvaluateDueAsync(World.Start, CancellationToken.None);
        await world.Engine.EvaluateDueAsync(World.Start.AddSeconds(59), CancellationToken.None);
        Assert.Equal(World.Start, world.Budget.At);
        await world.Engine.EvaluateDueAsync(World.Start.AddSeconds(60), CancellationToken.None);

        Assert.Equal(World.Start.AddSeconds(60), world.Budget.At);
    }
}
