using Observability.Model;

namespace Observability.Server.Tests;

/// <summary>What an incident is worth, and what became of a fault.</summary>
public sealed class BundleJudgeTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly EntityId Gpu = new(EntityKind.Gpu, "G1");
    private static readonly EntityId Other = new(EntityKind.Gpu, "G2");
    private static readonly EntityId Node = new(EntityKind.Node, "a");
    private static readonly EntityId Job = new(EntityKind.Job, "j");

    private static readonly LabelledFault OffBus = Fault("gpu_off_bus", Gpu, "gpu_off_bus") with { IsHardware = true, Nodes = ["a"], Jobs = ["j"], FirstSymptomAt = At.AddSeconds(1) };

    [Fact]
    public void SignOnTheDevice_CountsFromTheFirstSymptom()
    {
        var scored = Judge([OffBus], [], Incident("hardware", Gpu, "gpu_off_bus", 0.9, (Gpu, 5), (Job, 40)));

        Assert.Equal(new ScoredFault(OffBus) { Delay = 4, VerdictDelay = 9, IsFirst = true, IsInThree = true, IsRight = true, IsShown = true }, Assert.Single(scored.Faults));
        Assert.Equal(new ScoredIncident(IncidentWorth.OfFault, 0.9, true, true), Assert.Single(scored.Incidents));
    }

    [Fact]
    public void FaultOfWhichOnlyItsJobSpeaks_IsFoundAndNotShown()
    {
        var scored = Judge([OffBus], [], Incident("unknown", Gpu, "straggler", 0.3, (Job, 5)));

        Assert.Equal((true, false), (scored.Faults[0].IsFound, scored.Faults[0].IsShown));
        var figures = BundleFigures.Of([scored, Judge([OffBus], [], Incident("hardware", Gpu, "gpu_off_bus", 0.8, (Gpu, 5)))]).ToDictionary(figure => figure.Name, figure => figure.Cases);
        Assert.Equal((2, 1), (figures["device_in_first_three"], figures["device_in_first_three_where_shown"]));
    }

    /// <summary>Cases in which something never happened cannot say that it never will: it is rarer than three in as many.</summary>
    [Fact]
    public void FigureOfNothing_HasAnIntervalThatEndsAtThreeInAsMany()
    {
        var well = Judge([OffBus], [], Incident("hardware", Gpu, "gpu_off_bus", 0.8, (Gpu, 5))) with { GpuDays = 100 };
        var figures = BundleFigures.Of([.. Enumerable.Repeat(well, 60)]).ToDictionary(figure => figure.Name);

        var days = figures["false_positives_per_day_per_1000_gpus"];
        Assert.Equal((0, 0, 0.5), (days.Value, days.Interval!.Value.Low, Math.Round(days.Interval.Value.High, 9)));
        Assert.Equal((1, 0.95, 1), (figures["precision"].Value, Math.Round(figures["precision"].Interval!.Value.Low, 9), figures["precision"].Interval!.Value.High));
        Assert.Equal((0, new Interval(0, 0.05)), (figures["lost_causes"].Value, figures["lost_causes"].Interval));
        Assert.Equal(new Interval(0, 1), BundleFigures.Of([well, well]).Single(figure => figure.Name == "lost_causes").Interval);
    }

    [Fact]
    public void NoSignOfIt_IsMissedAndTheIncidentIsOfNothing()
    {
        var scored = Judge([OffBus], [], Incident("unknown", Other, "straggler", 0.3, (Other, 5)));

        Assert.False(Assert.Single(scored.Faults).IsFound);
        Assert.Equal(IncidentWorth.OfNothing, Assert.Single(scored.Incidents).Worth);
    }

    [Fact]
    public void SignOfTheJob_CountsForTheFaultThatBeganLastInIt()
    {
        var later = Fault("slow_nic", new EntityId(EntityKind.Nic, "a/mlx5_0"), "slow_nic") with { At = At.AddSeconds(20), Jobs = ["j"] };

        var scored = Judge([OffBus, later], [], Incident("not_hardware", Job, "user_code_hang", 0.9, (Job, 30)));

        Assert.Equal([false, true], scored.Faults.Select(fault => fault.IsFound));
    }

    /// <summary>Code that reads where it must not shows on the GPUs of its ranks only; the other fault of the case has its device for itself.</summary>
    [Fact]
    public void SignOnAGpu_CountsForTheJobThatRunsThere_WhereTheGpuHasNoFault()
    {
        var code = Fault("user_code_error", Job, "user_code_error") with { Jobs = ["j"] };

        Assert.True(Assert.Single(Judge([code], [], Incident("not_hardware", Job, "user_code_error", 0.9, (Gpu, 5))).Faults).IsFound);
        Assert.False(Assert.Single(Judge([code], [], Incident("not_hardware", Job, "user_code_error", 0.9, (Other, 5))).Faults).IsFound);
        Assert.Equal([true, false], Judge([OffBus, code], [], Incident("hardware", Gpu, "gpu_off_bus", 0.9, (Gpu, 5))).Faults.Select(fault => fault.IsFound));
    }

    [Fact]
    public void HealthyDeviceBlamedForAFault_IsAFalsePositiveAndNotFirst()
    {
        var scored = Judge([OffBus], [], Incident("hardware", Other, "nvlink_error", 0.9, (Job, 30)));

        Assert.Equal((true, false, false), (scored.Faults[0].IsFound, scored.Faults[0].IsFirst, scored.Faults[0].IsInThree));
        Assert.Equal(IncidentWorth.WrongBlame, Assert.Single(scored.Incidents).Worth);
        Assert.True(BundleFigures.IsFalse(scored.Incidents[0]));
    }

    [Theory]
    [InlineData("not_hardware", (int)IncidentWorth.Harmless, false)]
    [InlineData("hardware", (int)IncidentWorth.NegativeBlamed, true)]
    public void WhatOnlyLooksLikeAFault_IsFalseOnlyWhereHardwareIsBlamed(string kind, int worth, bool isBlamed)
    {
        var restart = Fault("job_restart", Job) with { Jobs = ["j"] };

        var scored = Judge([], [restart], Incident(kind, Gpu, "gpu_off_bus", 0.9, (Job, 10)));

        Assert.Equal((IncidentWorth)worth, Assert.Single(scored.Incidents).Worth);
        Assert.Equal(("job_restart", 1, isBlamed), Assert.Single(scored.Negatives));
    }

    [Fact]
    public void Cordons_AreFalseOnAnotherNodeAndOnlyCountWhereNobodyIsAsked()
    {
        var incident = Incident("hardware", Gpu, "gpu_off_bus", 0.95, (Gpu, 5)) with
        {
            Cordons = [new WouldCordon("a", At.AddSeconds(6), 0.95), new WouldCordon("b", At.AddSeconds(6), 0.95), new WouldCordon("c", At.AddSeconds(6), 0.5)],
        };

        Assert.Equal((1, 2), Judge([OffBus], [], incident).Cordons);
    }

    [Fact]
    public void Figures_AreSharesOfWhatWasScored()
    {
        var missed = Judge([OffBus], []);
        var found = Judge([OffBus], [], Incident("hardware", Gpu, "gpu_off_bus", 0.8, (Gpu, 5)));
        var nothing = Judge([], [], Incident("hardware", Other, "nvlink_error", 0.6, (Other, 5)));

        var figures = BundleFigures.Of([missed, found, nothing]).ToDictionary(figure => figure.Name, figure => figure.Value);

        Assert.Equal((0.5, 0.5, 1.0), (figures["precision"], figures["recall"], figures["device_first"]));
        // One false incident in three times two GPU-days.
        Assert.Equal(1_000.0 / 6, figures["false_positives_per_day_per_1000_gpus"], 6);
        // 0.2 below one right answer, 0.6 above one wrong one.
        Assert.Equal(0.4, figures["expected_calibration_error"], 6);
        Assert.Equal(4, figures["explicit_hardware_delay_p99_s"]);
        Assert.Equal(1 - (2 / 30.0), figures["compression"], 6);
    }

    [Theory]
    [InlineData(2.5, 8.0)]
    [InlineData(null, null)] // truth of before steps were told
    public void SlowJob_IsFoundAfterSoManyOfItsSteps(double? step, double? steps)
    {
        var slow = Fault("straggler", Job, "straggler") with { Jobs = ["j"], StepSeconds = step };

        var figures = BundleFigures.Of([Judge([slow], [], Incident("unknown", Job, "straggler", 0, (Job, 20)))]).ToDictionary(figure => figure.Name, figure => (double?)figure.Value);

        Assert.Equal((20.0, steps, steps), (figures["slow_delay_p99_s"], figures.GetValueOrDefault("slow_delay_p99_steps"), figures.GetValueOrDefault("straggler_delay_p50_steps")));
    }

    [Fact]
    public void Scope_HoldsWhatHangsOnADevice_AndNotItsNeighbours()
    {
        var labels = Labels([OffBus], []);

        Assert.Equal([Gpu, new EntityId(EntityKind.Rank, "j/0"), Node], labels.ScopeOf(OffBus));
    }

    private static ScoredCase Judge(LabelledFault[] faults, LabelledFault[] negatives, params ToldIncident[] incidents) =>
        Assert.Single(new BundleJudge(Labels(faults, negatives), incidents).Score(alerts: 10));

    private static BundleLabels Labels(LabelledFault[] faults, LabelledFault[] negatives) => new()
    {
        Case = "c",
        IsEpisode = true,
        GpuDays = 2,
        Faults = faults,
        Negatives = negatives,
        Below = ((EntityId From, EntityId To)[])[(Gpu, Node), (Other, Node), (new EntityId(EntityKind.Rank, "j/0"), Gpu), (new EntityId(EntityKind.Rank, "j/0"), Job)] is var edges
            ? edges.ToLookup(edge => edge.To, edge => edge.From) : null!,
    };

    private static LabelledFault Fault(string kind, EntityId entity, params string[] classes) =>
        new() { Id = kind, Kind = kind, At = At, EndsAt = At.AddSeconds(100), Entity = entity, Entities = [entity], Classes = classes };

    private static ToldIncident Incident(string kind, EntityId first, string faultClass, double confidence, params (EntityId Entity, int Seconds)[] signs) => new()
    {
        Opened = At,
        Verdict = new ToldVerdict { Kind = kind, Class = faultClass, Entity = kind == "unknown" ? null : first, Confidence = confidence },
        Verdicts = [new ToldVerdict { Kind = kind, Class = faultClass, Entity = kind == "unknown" ? null : first, At = At.AddSeconds(10) }],
        Ranking = [new ToldCause(first, faultClass, confidence)],
        Signs = [.. signs.Select(sign => new ToldSign(sign.Entity, "X", At.AddSeconds(sign.Seconds)))],
    };
}
