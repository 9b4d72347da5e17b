using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests.Standings;

/// <summary>What counts as right, as wrong and as neither.</summary>
public sealed class FiringLedgerTests
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(25);

    private static Alert Alert { get; } = Make.Throttle(Fleets.Gpu(0, 1), 0);

    private static Alert Remark { get; } = Make.Alert(Fleets.Gpu(0, 1), "PcieReplaysUnusual", (FaultClass.Unknown, "info"), 0, origin: AlertOrigin.Detector);

    [Theory]
    [InlineData(true, 1, 0, 0)]
    [InlineData(false, 0, 1, 0)]
    public void Feedback_Decides(bool useful, int right, int wrong, int undecided)
    {
        var past = new Past();
        past.Resolve(past.Open(Alert)).Say("INC-000001", useful).Wait(Day);

        Assert.Equal(new RuleRecord(right, wrong, undecided), past.RecordOf(Alert));
    }

    [Fact]
    public void FeedbackThatComesLate_StillCounts()
    {
        var past = new Past();
        past.Resolve(past.Open(Alert)).Wait(Day);
        Assert.Equal(new RuleRecord(0, 0, 1), past.RecordOf(Alert));

        Assert.Equal(new RuleRecord(1, 0, 0), past.Say("INC-000001", useful: true).RecordOf(Alert));
    }

    [Theory]
    [InlineData(Strategy.Act, ExecutionState.Succeeded, 1)]
    [InlineData(Strategy.Act, ExecutionState.Failed, 0)]
    [InlineData(Strategy.Observe, ExecutionState.Succeeded, 0)]
    public void Repair_ProvesTheVerdictWhereItWasDoneAndHeld(Strategy strategy, ExecutionState state, int right)
    {
        var past = new Past();
        past.Run(past.Open(Alert), strategy, state).Resolve("INC-000001").Wait(Day);

        Assert.Equal(new RuleRecord(right, 0, 1 - right), past.RecordOf(Alert));
    }

    [Fact]
    public void IncidentThatNobodyCaredFor_IsNoiseOnlyWhereSomebodyWasThere()
    {
        var alone = new Past();
        alone.Resolve(alone.Open(Alert)).Wait(Day);
        Assert.Equal(new RuleRecord(0, 0, 1), alone.RecordOf(Alert));

        var watched = new Past();
        watched.Resolve(watched.Open(Alert)).Acknowledge(watched.Open(Make.Stalled("llm", 0))).Wait(Day);
        Assert.Equal(new RuleRecord(0, 1, 0), watched.RecordOf(Alert));
        Assert.Equal(new RuleRecord(0, 0, 1), watched.RecordOf(Make.Stalled("llm", 0)));
    }

    [Fact]
    public void IncidentThatEndedMuted_ProvesNothing()
    {
        var past = new Past();
        past.Resolve(past.Open(Alert), isMuted: true).Acknowledge(past.Open(Make.Stalled("llm", 0))).Wait(Day);

        Assert.Equal(new RuleRecord(0, 0, 1), past.RecordOf(Alert));
    }

    [Fact]
    public void YoungFirings_DoNotCountYet()
    {
        var past = new Past();
        past.Resolve(past.Open(Alert)).Say("INC-000001", useful: true).Wait(TimeSpan.FromHours(23));

        Assert.Equal(RuleRecord.Empty, past.RecordOf(Alert));
    }

    [Fact]
    public void ARemarkBesideAConfirmedIncidentOfItsNode_WasRight()
    {
        var past = new Past();
        past.Fire(Remark);
        past.Wait(TimeSpan.FromMinutes(10)).Resolve(past.Open(Make.Vanished(Fleets.Gpu(0, 1), 0))).Say("INC-000001", useful: true).Wait(Day);

        Assert.Equal(new RuleRecord(1, 0, 0), past.RecordOf(Remark));
    }

    [Fact]
    public void ARemarkBesideNothing_OrBesideAnotherNode_WasWrong()
    {
        var past = new Past();
        past.Fire(Remark);
        past.End(Remark).Wait(TimeSpan.FromMinutes(10)).Resolve(past.Open(Make.Vanished(Fleets.Gpu(3, 1), 0))).Say("INC-000001", useful: true).Wait(Day);

        Assert.Equal(new RuleRecord(0, 1, 0), past.RecordOf(Remark));
    }

    [Fact]
    public void ARemarkLongBeforeAnIncidentOfItsJob_ProvesNothing()
    {
        // Two minutes of a GPU say nothing of what its job goes through an hour later.
        var past = new Past();
        past.Fire(Remark);
        past.Wait(TimeSpan.FromMinutes(2)).End(Remark).Wait(TimeSpan.FromHours(1)).Resolve(past.Open(Make.Stalled("llm", 0))).Say("INC-000001", useful: true).Wait(Day);

        Assert.Equal(new RuleRecord(0, 1, 0), past.RecordOf(Remark));
    }

    [Fact]
    public void APersonsWordOnOneFiring_ComesBeforeAllElse()
    {
        var past = new Past();
        past.Fire(Remark);
        past.Judge(Remark, right: true).Wait(Day);

        Assert.Equal(new RuleRecord(1, 0, 0), past.RecordOf(Remark));
    }

    [Theory]
    [InlineData(LabelAnswer.Yes, 1, 0, 0)]
    [InlineData(LabelAnswer.No, 0, 1, 0)]
    [InlineData(LabelAnswer.Unknown, 0, 0, 1)]
    public void AnswerToAQuestion_CountsForTheAlertThatWasAskedAbout(LabelAnswer answer, int right, int wrong, int undecided)
    {
        var past = new Past();
        past.Resolve(past.Open(Alert, Make.Stalled("llm", 0))).Answer(Alert, answer).Wait(Day);

        Assert.Equal(new RuleRecord(right, wrong, undecided), past.RecordOf(Alert));
        Assert.Equal(new RuleRecord(0, 0, 1), past.RecordOf(Make.Stalled("llm", 0)));
    }

    [Fact]
    public void WhatThePlatformDoesOnItsSchedule_IsNobodyWhoLooks()
    {
        var past = new Past();
        past.Resolve(past.Open(Alert)).Command(new UseModel("v2") { Actor = "schedule", Door = "schedule", At = past.Now }).Wait(Day);

        Assert.Equal(new RuleRecord(0, 0, 1), past.RecordOf(Alert));
    }

    [Fact]
    public void MergedIncidents_CountOnceAndKeepWhatWasSaid()
    {
        var past = new Past();
        var (first, second) = (past.Open(Alert), past.Open(Make.Stalled("llm", 0)));
        past.Say(second, useful: true).Move(first, Make.Stalled("llm", 0)).Merge(second, first).Resolve(first).Wait(Day);

        var report = past.Ledger.Report(past.Now);
        Assert.Equal((2, 1), (report.AlertsIn, report.IncidentsOut));
        Assert.All(report.Rules, rule => Assert.Equal((1L, 1L, new RuleRecord(1, 0, 0)), (rule.Incidents, rule.Actioned, rule.Record)));
    }

    [Fact]
    public void Memory_IsBounded()
    {
        var past = new Past(new StandingOptions { MaximumFirings = 10, MaximumIncidents = 3, Window = 5 });
        for (var i = 0; i < 50; i++)
            past.Wait(TimeSpan.FromHours(1)).Resolve(past.Open(Make.Throttle(Fleets.Gpu(i % 4, i % 8), 0)));

        Assert.Equal(10, past.Ledger.Remembered);
        Assert.Equal(5, past.Ledger.Find(RuleId.Of(Alert))!.Window.Count);
        Assert.Equal(50, Assert.Single(past.Ledger.Report(past.Now).Rules).Fired);
    }
}
