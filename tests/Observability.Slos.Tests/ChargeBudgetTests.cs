using Observability.Model;
using Observability.Testing;

namespace Observability.Slos.Tests;

public sealed class ChargeBudgetTests
{
    private static readonly BudgetBurn Burn = new("s", World.Start, World.Start.AddMinutes(30), 0.02);

    [Fact]
    public void Burn_DuringTwoIncidents_IsSplitAndCountsTheirGpus()
    {
        var stage = new ChargeBudget(Fleets.View(4, 8, ("one", 0, 2), ("two", 2, 1)));
        Open(stage, Incident("INC-1", "one", 0), Incident("INC-2", "two", 15), Incident("INC-3", "two", 45));

        Assert.Equal(
            [new BudgetCharge("s", "INC-1", World.Start, 0.01, 8), new BudgetCharge("s", "INC-2", World.Start, 0.01, 2)],
            stage.Charge(Burn, World.Start));
    }

    [Fact]
    public void Charge_WithAPrice_TellsMoney()
    {
        var stage = new ChargeBudget(Fleets.View(2, 8, ("one", 0, 2)), new GpuHourPrice(2.5, "EUR"));
        Open(stage, Incident("INC-1", "one", 0));

        var charge = Assert.Single(stage.Charge(Burn, World.Start));
        Assert.Equal((8, 20.0, "EUR"), (charge.LostGpuHours, charge.Cost, charge.Price!.Currency));
    }

    [Fact]
    public void Burn_AfterAnother_AddsUpUntilTheIncidentIsOver()
    {
        var stage = new ChargeBudget(Fleets.View(2, 8, ("one", 0, 2)));
        Open(stage, Incident("INC-1", "one", 0));
        stage.Charge(Burn, World.Start);
        Open(stage, Incident("INC-1", "one", 0) with { State = IncidentState.Resolved, ResolvedAt = World.Start.AddMinutes(60) });
        var next = Burn with { From = Burn.To, To = Burn.To.AddHours(1) };

        Assert.Equal([new BudgetCharge("s", "INC-1", World.Start, 0.04, 16)], stage.Charge(next, World.Start));
        Assert.Empty(stage.Charge(next with { From = next.To, To = next.To.AddHours(1) }, World.Start));
    }

    [Fact]
    public void Burn_DuringMaintenance_IsNobodysCharge()
    {
        var stage = new ChargeBudget(Fleets.View(2, 8, ("one", 0, 2)));
        var verdict = new Verdict
        {
            IncidentId = "INC-1",
            Revision = 1,
            Kind = VerdictKind.NotHardware,
            FaultClass = FaultClass.Maintenance,
            Confidence = 1,
            DecidedAt = World.Start,
            Summary = "announced",
        };
        Open(stage, Incident("INC-1", "one", 0) with { Verdict = verdict });

        Assert.Empty(stage.Charge(Burn, World.Start));
    }

    private static void Open(ChargeBudget stage, params Incident[] incidents)
    {
        foreach (var incident in incidents)
            Assert.Single(stage.Process(new IncidentChange(incident, IncidentChangeKind.Opened, World.Start, "r"), World.Start));
    }

    private static Incident Incident(string id, string job, int fromMinute) => new()
    {
        Id = id,
        State = IncidentState.Open,
        StartedAt = World.Start.AddMinutes(fromMinute),
        OpenedAt = World.Start.AddMinutes(fromMinute),
        UpdatedAt = World.Start,
        Title = "t",
        Severity = "critical",
        Jobs = [new EntityId(EntityKind.Job, job)],
    };
}
