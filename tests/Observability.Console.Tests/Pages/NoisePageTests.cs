using Bunit;
using Observability.Console.Pages;
using Observability.Model;
using Observability.Testing;

namespace Observability.Console.Tests.Pages;

public sealed class NoisePageTests
{
    [Fact]
    public void Quiet_SaysThatNothingIsReduced()
    {
        using var context = new ConsoleContext(Worlds.Quiet());
        Assert.Equal(["The firings so far argue for no change of a rule.", "Nothing has fired yet.", "No incident has been opened yet.", "No alert is reduced now."], context.Render<NoisePage>().FindAll(".empty").Select(line => line.TextContent));
    }

    [Fact]
    public void Reduction_NamesItsReasonAndDetail()
    {
        var slow = Worlds.AlertOf("NodeSlow", new EntityId(EntityKind.Node, Fleets.Node(2)), "warning");
        using var context = new ConsoleContext(Worlds.With(Worlds.Failed(), slow, new NoiseMark(NoiseReason.Silenced, "s-1", "silenced by ada")));
        var page = context.Render<NoisePage>();
        Assert.Equal(["120", "2", "98.3 %", "0", "7"], page.FindAll(".tile .value").Select(tile => tile.TextContent));
        Assert.Equal("silenced: silenced by ada · its silence", page.FindAll("#reduced td")[2].TextContent.Trim());
        Assert.Equal("/holds", page.Find("#reduced td a").GetAttribute("href"));
    }

    [Fact]
    public void Rules_ShowStandingPrecisionAndWhatIsUndecided()
    {
        using var context = new ConsoleContext(Worlds.Failed());
        context.Feed.Report = Report();
        var cells = context.Render<NoisePage>().FindAll("[data-rule] td").Select(cell => cell.TextContent.Trim()).ToArray();
        Assert.Equal(["OpticFades" + "detector", "shadow", "31", "4", "never", "0", "0.90 (0.70 to 0.97) of 20", "3 + 8", "2 flapping"], cells[..9]);
        Assert.Equal("livedemote?", System.Text.RegularExpressions.Regex.Replace(cells[11], @"\s+", " "));
    }

    [Fact]
    public void Suggestion_SaysWhatWhyAndWithWhatEffect()
    {
        using var context = new ConsoleContext(Worlds.Failed());
        context.Feed.Report = Report();
        Assert.Equal(
            "JobSlow: for: longer by 2m 31 of 34 were over within 2m; it would have kept 31 of 34 away.",
            System.Text.RegularExpressions.Regex.Replace(context.Render<NoisePage>().Find("[data-suggestion]").TextContent.Trim(), @"(?<=2m)(?=31)", " "));
    }

    [Fact]
    public void Pair_SaysHowOftenAndWhoLeads()
    {
        using var context = new ConsoleContext(Worlds.Failed());
        context.Feed.Report = Report();
        Assert.Equal("9 of 9 firings of JobSlow come with JobStalls, 12 of 40 the other way round; JobStalls begins first", context.Render<NoisePage>().Find("#pairs p").TextContent);
    }

    [Fact]
    public void Promotion_NeedsAReasonAndIsSentWithIt()
    {
        using var context = new ConsoleContext(Worlds.Failed());
        context.Feed.Report = Report();
        var page = context.Render<NoisePage>();
        page.Find("button[aria-label='Change the standing of detector/OpticFades']").Click();
        Assert.True(page.FindAll("#rules .act").First(button => button.TextContent == "Promote").HasAttribute("disabled"));
        page.Find("input[aria-label=Reason]").Input("it was right all week");
        page.Find("input[aria-label=Pin]").Change(true);
        page.FindAll("#rules .act").First(button => button.TextContent == "Promote").Click();
        Assert.Equal<Command>(
            [new SetStanding(new RuleId(AlertOrigin.Detector, "OpticFades"), Standing.Live, true) { Actor = "console", Door = "console", At = ConsoleContext.Now, Reason = "it was right all week" }],
            context.Door.Commands);
        Assert.Empty(page.FindAll("input[aria-label=Reason]"));
    }

    [Fact]
    public void Report_IsNotAskedForWithEverySnapshot()
    {
        using var context = new ConsoleContext(Worlds.Failed());
        var page = context.Render<NoisePage>();
        for (var i = 1; i <= 5; i++)
            context.Feed.Publish(context.Feed.Current with { At = ConsoleContext.Now.AddSeconds(i), Version = 2 + i });
        page.WaitForState(() => page.Instance.Feed.Current.Version == 7);
        Assert.Equal(1, context.Feed.ReportsAsked);
    }

    private static NoiseReport Report() => new()
    {
        To = ConsoleContext.Now,
        Rules =
        [
            new RuleNoise
            {
                Rule = new RuleId(AlertOrigin.Detector, "OpticFades"), Standing = Worlds.Stands(AlertOrigin.Detector, "OpticFades", Standing.Shadow), Severity = "info",
                Fired = 31, Incidents = 4, Record = new RuleRecord(18, 2, 3), Young = 8, IsNeverActioned = true,
                Reductions = System.Collections.Immutable.ImmutableSortedDictionary<NoiseReason, long>.Empty.Add(NoiseReason.Flapping, 2),
            },
            new RuleNoise
            {
                Rule = new RuleId(AlertOrigin.Rule, "JobSlow"), Fired = 5,
                Standing = Worlds.Stands(AlertOrigin.Rule, "JobSlow", Standing.Live) with { Proposal = Worlds.Stands(AlertOrigin.Rule, "JobSlow", Standing.Shadow).Last },
            },
        ],
        Duplicates = [new RulePair(new RuleId(AlertOrigin.Rule, "JobSlow"), new RuleId(AlertOrigin.Rule, "JobStalls"), 9, 40, 9, 12, 9)],
        Suggestions = [new RuleSuggestion(new RuleId(AlertOrigin.Rule, "JobSlow"), SuggestionKind.WaitLonger, null, "`for:` longer by 2m", "31 of 34 were over within 2m", "would have kept 31 of 34 away")],
    };
}
