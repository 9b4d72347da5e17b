using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests.Standings;

public sealed class NoiseReportTests
{
    private static Alert Slow { get; } = Make.StepSlow("llm", 0);

    private static EntityId Gpu { get; } = Fleets.Gpu(0, 1);

    [Fact]
    public void ShortFirings_ArgueForALongerFor_TriedOnTheVeryFirings()
    {
        var past = new Past();
        for (var i = 0; i < 12; i++)
            Lasting(past, Slow, TimeSpan.FromSeconds(i < 10 ? 90 : 600));

        Assert.Contains(
            new RuleSuggestion(RuleId.Of(Slow), SuggestionKind.WaitLonger, null, "`for:` longer by 2m",
                "10 of 12 firings were over within 2m, and none of them is known to have been right", "would have kept 10 of 12 away and delayed 2 by 2m; 10 incidents would not have been opened"),
            past.Ledger.Report(past.Now).Suggestions);
    }

    [Fact]
    public void ShortFiringThatWasRight_ForbidsTheLongerFor()
    {
        var past = new Past();
        for (var i = 0; i < 12; i++)
            Lasting(past, Slow, TimeSpan.FromSeconds(i < 10 ? 90 : 600));
        past.Say("INC-000003", useful: true);

        Assert.DoesNotContain(past.Ledger.Report(past.Now).Suggestions, one => one.Kind == SuggestionKind.WaitLonger);
    }

    [Fact]
    public void WaitThatWouldSilenceTheRule_IsNotSuggested()
    {
        var past = new Past();
        for (var i = 0; i < 12; i++)
            Lasting(past, Slow, TimeSpan.FromSeconds(90));

        Assert.DoesNotContain(past.Ledger.Report(past.Now).Suggestions, one => one.Kind == SuggestionKind.WaitLonger);
    }

    [Fact]
    public void FiringThatComesBackAtOnce_ArguesForKeepFiringFor()
    {
        var past = new Past();
        for (var i = 0; i < 12; i++)
        {
            past.Fire(Slow);
            past.Wait(TimeSpan.FromHours(1)).End(Slow).Wait(TimeSpan.FromMinutes(i == 5 ? 90 : 4));
        }

        var suggestion = Assert.Single(past.Ledger.Report(past.Now).Suggestions);
        Assert.Equal(("`keep_firing_for: 5m`", "10 of 12 firings began within 5m of the end of the one before", "would have made 2 firings of 12, each said to be over up to 5m later"),
            (suggestion.Change, suggestion.Because, suggestion.Effect));
    }

    [Fact]
    public void DetectorsAndEvents_HaveNoFor()
    {
        var past = new Past();
        for (var i = 0; i < 12; i++)
            Lasting(past, Make.Straggler(Gpu, 0), TimeSpan.FromSeconds(30));

        Assert.Empty(past.Ledger.Report(past.Now).Suggestions);
    }

    [Fact]
    public void RuleThatFollowsAnotherOnTheSameThing_IsToBeInhibitedByIt()
    {
        var past = new Past();
        for (var i = 0; i < 6; i++)
        {
            past.Wait(TimeSpan.FromHours(1)).Fire(Make.Throttle(Gpu, 0));
            past.Wait(TimeSpan.FromSeconds(30)).Fire(Make.Vanished(Gpu, 0));
            past.Wait(TimeSpan.FromMinutes(5)).End(Make.Throttle(Gpu, 0)).End(Make.Vanished(Gpu, 0));
        }

        var report = past.Ledger.Report(past.Now);
        Assert.Equal(new RulePair(RuleId.Of(Make.Vanished(Gpu, 0)), RuleId.Of(Make.Throttle(Gpu, 0)), 6, 6, 6, 6, 6), Assert.Single(report.Duplicates));
        var suggestion = Assert.Single(report.Suggestions);
        Assert.Equal((SuggestionKind.Inhibit, "inhibit it by GpuThermalThrottle", "would have marked 6 of 6 firings"), (suggestion.Kind, suggestion.Change, suggestion.Effect));
    }

    [Fact]
    public void RuleWithinAnother_IsASubsetAndTheOtherIsNot()
    {
        var past = new Past();
        for (var i = 0; i < 20; i++)
        {
            past.Wait(TimeSpan.FromHours(1));
            if (i < 5)
                past.Fire(Make.Vanished(Gpu, 0));
            past.Fire(Make.Throttle(Gpu, 0));
            past.Wait(TimeSpan.FromMinutes(5)).End(Make.Throttle(Gpu, 0)).End(Make.Vanished(Gpu, 0));
        }

        var pair = Assert.Single(past.Ledger.Report(past.Now).Duplicates);
        Assert.Equal(("GpuVanished", "GpuThermalThrottle", 5, 20, 5, 5, false, false), (pair.First.Name, pair.Second.Name, pair.FirstFired, pair.SecondFired, pair.FirstTogether, pair.SecondTogether, pair.IsMutual, pair.SecondLeads));
    }

    [Fact]
    public void RulesOnDifferentThings_AreNoPair()
    {
        var past = new Past();
        for (var i = 0; i < 6; i++)
        {
            past.Wait(TimeSpan.FromHours(1)).Fire(Make.Throttle(Gpu, 0));
            past.Fire(Make.Vanished(Fleets.Gpu(1, 1), 0));
            past.End(Make.Throttle(Gpu, 0)).End(Make.Vanished(Fleets.Gpu(1, 1), 0));
        }

        Assert.Empty(past.Ledger.Report(past.Now).Duplicates);
    }

    [Fact]
    public void NeverActioned_IsSaidAndSuggestedOnlyWhereSomebodyIsThere()
    {
        var past = new Past();
        for (var i = 0; i < 10; i++)
        {
            past.Wait(TimeSpan.FromHours(1)).Page(past.Open(Slow));
            past.Wait(TimeSpan.FromHours(1)).End(Slow).Resolve($"INC-{i + 1:000000}");
        }

        var alone = past.Ledger.Report(past.Now);
        Assert.True(Assert.Single(alone.Rules).IsNeverActioned);
        Assert.DoesNotContain(alone.Suggestions, one => one.Kind == SuggestionKind.Demote);

        past.Acknowledge(past.Open(Make.Vanished(Gpu, 0)));
        var suggestion = Assert.Single(past.Ledger.Report(past.Now).Suggestions, one => one.Kind == SuggestionKind.Demote);
        Assert.Equal(
            ("JobStepSlow", "10 firings in 10 incidents, and nobody acknowledged, took, noted, judged or repaired any of them", "would have opened 10 of 10 incidents fewer and sent 10 pages fewer; in the others it is not alone"),
            (suggestion.Rule.Name, suggestion.Because, suggestion.Effect));
    }

    [Fact]
    public void Totals_CountReductionsAndPagesPerRule()
    {
        var past = new Past();
        var id = past.Open(Make.Vanished(Gpu, 0));
        past.Join(id, Slow, IncidentChangeKind.AlertJoined, new NoiseMark(NoiseReason.Inhibited, "x", "below it"), new NoiseMark(NoiseReason.Digest, "m", "improbable")).Page(id);

        var report = past.Ledger.Report(past.Now);
        Assert.Equal((2, 1, 1, 0.5), (report.AlertsIn, report.IncidentsOut, report.Pages, report.Compression));
        Assert.Equal([(NoiseReason.Inhibited, 1), (NoiseReason.Digest, 1)], report.Reductions.Select(one => (one.Key, one.Value)));
        Assert.Equal([1L, 1L], report.Rules.Select(rule => rule.Pages));
        Assert.Equal(2, report.Rules.Single(rule => rule.Rule.Name == "JobStepSlow").Reductions.Count);
    }

    [Fact]
    public void EmptyJournal_GivesAnEmptyReport()
    {
        var report = new Past().Ledger.Report(Make.At(0));

        Assert.Equal((0L, 0L, 0.0, (DateTimeOffset?)null), (report.AlertsIn, report.IncidentsOut, report.Compression, report.From));
        Assert.Empty(report.Rules);
    }

    private static void Lasting(Past past, Alert alert, TimeSpan length)
    {
        past.Wait(TimeSpan.FromHours(3));
        var id = past.Open(alert);
        past.Wait(length).End(alert).Resolve(id);
    }
}
