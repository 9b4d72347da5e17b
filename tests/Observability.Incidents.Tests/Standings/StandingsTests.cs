using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests.Standings;

public sealed class StandingsTests
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(25);

    private static Alert Tried { get; } = Make.Throttle(Fleets.Gpu(0, 1), 0) with { Annotations = LabelSet.Of(("standing", "shadow")) };

    private static Alert Plain { get; } = Make.StepSlow("llm", 0);

    [Fact]
    public void TwentyRightFirings_PromoteOnceTheyAreADayOld_AndTheReasonHasTheCounts()
    {
        var past = new Past().Times(20, Tried, useful: true);

        Assert.Empty(past.Look().Decided);
        var change = Assert.Single(past.Wait(Day).Look().Decided);

        Assert.Equal((Standing.Shadow, Standing.Live, false, new RuleRecord(20, 0, 0)), (change.From, change.To, change.IsProposal, change.Record));
        Assert.Equal("20 of 20 judged firings were right, 0 more are undecided: precision 0.84 to 1.00 (95 %), promoted from 0.70 on", change.Reason);
        Assert.False(past.Fire(Tried));
        Assert.Single(past.Wait(Day).Look().Decided);
    }

    [Theory]
    [InlineData(19, 0, Standing.Shadow)]
    [InlineData(18, 2, Standing.Shadow)]
    [InlineData(19, 1, Standing.Live)]
    public void Promotion_NeedsEnoughFiringsAndASureLowerEnd(int right, int wrong, Standing standing)
    {
        var past = new Past().Times(wrong, Tried, useful: false).Times(right, Tried, useful: true).Wait(Day).Look();

        Assert.Equal(standing, past.StandingOf(Tried));
    }

    [Fact]
    public void Changes_AreNeitherRightNorWrong_HoweverOftenNothingComesOfThem()
    {
        var change = Make.Changed(Make.Job("llm"), 0);
        var past = new Past();
        for (var n = 0; n < 40; n++)
            Assert.False(past.Wait(TimeSpan.FromHours(2)).Fire(change));
        past.Wait(Day).Look();

        Assert.Empty(past.Decided);
        Assert.Empty(past.Ledger.Rules);
        Assert.False(past.Fire(change));
    }

    [Fact]
    public void BetweenTheTwoLimits_EachStaysWhereItIs()
    {
        // 12 of 20: 0.39 to 0.78, neither surely good nor surely bad.
        var shadow = new Past().Times(8, Tried, useful: false).Times(12, Tried, useful: true).Wait(Day).Look();
        var live = new Past().Times(8, Plain, useful: false).Times(12, Plain, useful: true).Wait(Day).Look();

        Assert.Equal((Standing.Shadow, Standing.Live), (shadow.StandingOf(Tried), live.StandingOf(Plain)));
        Assert.Empty(shadow.Decided.Concat(live.Decided));
    }

    [Fact]
    public void MostlyNoise_DemotesAWarningAndItsNextAlertIsShadow()
    {
        var past = new Past().Times(16, Plain, useful: false).Times(4, Plain, useful: true).Wait(Day).Look();

        Assert.Equal(Standing.Shadow, past.StandingOf(Plain));
        Assert.Contains("demoted below 0.50", Assert.Single(past.Decided).Reason, StringComparison.Ordinal);
        Assert.True(past.Fire(Plain));
    }

    [Fact]
    public void WhoeverMayWakeSomebodyForHardware_IsOnlyProposedOnceAndStaysLive()
    {
        foreach (var alert in (Alert[])[Make.Stalled("llm", 0), Make.Throttle(Fleets.Gpu(0, 1), 0)])
        {
            var past = new Past().Times(20, alert, useful: false).Wait(Day).Look().Wait(Day).Look();

            Assert.True(Assert.Single(past.Decided).IsProposal);
            Assert.Equal(Standing.Live, past.StandingOf(alert));
            Assert.False(past.Fire(alert));
            Assert.NotNull(past.Ledger.Find(RuleId.Of(alert))!.Standing!.Proposal);
        }
    }

    [Fact]
    public void APersonsWord_SettlesAProposalAndBeginsANewRecord()
    {
        var alert = Make.Stalled("llm", 0);
        var past = new Past().Times(20, alert, useful: false).Wait(Day).Look().Set(RuleId.Of(alert), Standing.Live).Wait(Day).Look();

        Assert.Single(past.Decided);
        Assert.Null(past.Ledger.Find(RuleId.Of(alert))!.Standing!.Proposal);
        Assert.Equal(RuleRecord.Empty, past.RecordOf(alert));
    }

    [Fact]
    public void PinnedRule_IsNotMovedByWhatIsMeasuredNorByWhatItDeclares()
    {
        var past = new Past().Times(1, Plain, useful: false).Set(RuleId.Of(Plain), Standing.Live, pin: true).Times(40, Plain, useful: false).Wait(Day).Look();

        Assert.Empty(past.Decided);
        Assert.False(past.Fire(Plain with { Annotations = LabelSet.Of(("standing", "shadow")) }));
    }

    [Fact]
    public void Beginnings_FollowWhoRaisedItAndWhatTheRuleDeclares()
    {
        var options = new StandingOptions { NewRulesInShadow = true, ShippedRules = new HashSet<string> { "GpuThermalThrottle" } };
        var gpu = Fleets.Gpu(0, 0);
        Alert Of(string name, string severity, AlertOrigin origin) => Make.Alert(gpu, name, (FaultClass.Unknown, severity), 0, origin: origin);

        Assert.Equal(Standing.Live, StandingStart.Of(Make.Throttle(gpu, 0), options).To);
        Assert.Equal(Standing.Shadow, StandingStart.Of(Of("Mine", "critical", AlertOrigin.Rule), options).To);
        Assert.Equal(Standing.Live, StandingStart.Of(Of("Mine", "critical", AlertOrigin.Rule), new StandingOptions { ShippedRules = options.ShippedRules }).To);
        Assert.Equal(Standing.Live, StandingStart.Of(Of("Mine", "critical", AlertOrigin.Rule) with { Labels = Of("Mine", "critical", AlertOrigin.Rule).Labels.With(LabelSet.Of(("standing", "live"))) }, options).To);
        Assert.Equal(Standing.Live, StandingStart.Of(Of("Theirs", "critical", AlertOrigin.External), options).To);
        Assert.Equal(Standing.Live, StandingStart.Of(Make.Xid79(gpu, 0), options).To);
        Assert.Equal(Standing.Live, StandingStart.Of(Make.Straggler(gpu, 0), options).To);
        Assert.Equal(Standing.Shadow, StandingStart.Of(Of("JobStepTimeChanged", "info", AlertOrigin.Detector), options).To);
    }

    [Fact]
    public void DeclarationThatChanges_IsFollowedWithTheNextFiring()
    {
        var past = new Past();

        Assert.True(past.Fire(Tried));
        Assert.False(past.Fire(Tried with { Annotations = LabelSet.Of(("standing", "live")) }));
        Assert.False(past.Fire(Tried with { Annotations = LabelSet.Empty }));
        Assert.Equal(2, past.Entries.Count(one => one.Entry is StandingChanged));
    }

    [Fact]
    public void ReadBackUnderOtherThresholds_EverythingStandsWhereItStood()
    {
        var past = new Past().Times(20, Tried, useful: true).Wait(Day).Look();
        var after = new Incidents.Standings(new StandingOptions { PromoteAt = 1, Firings = 200 }, new TopologyView());

        foreach (var (entry, at) in past.Entries)
            after.Observe(entry, at);

        Assert.Equal(past.Ledger.Find(RuleId.Of(Tried))!.Standing, after.Ledger.Find(RuleId.Of(Tried))!.Standing);
        Assert.Null(after.Begin(new AlertTransition(Tried, AlertTransitionKind.Fired, past.Now)));
        Assert.False(after.HoldsBack(Tried));
    }

    [Fact]
    public void PastTheLimitOfRules_AnAlertIsLive()
    {
        var past = new Past(new StandingOptions { MaximumRules = 1 });

        Assert.True(past.Fire(Tried));
        Assert.False(past.Fire(Make.Alert(null, "Other", (FaultClass.Unknown, "info"), 0, origin: AlertOrigin.Detector)));
    }
}
