using Bunit;
using Observability.Console.Components;
using Observability.Console.Pages;
using Observability.Model;

namespace Observability.Console.Tests.Pages;

public sealed class IncidentPageTests
{
    [Fact]
    public void UnknownIncident_SaysSoAndLeadsBack()
    {
        using var context = new ConsoleContext(Worlds.Quiet());
        var page = context.Render<IncidentPage>(parameters => parameters.Add(incident => incident.Id, "INC-000009"));
        Assert.Equal("/incidents", page.Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public void Verdict_ShowsCulpritConfidenceEvidenceAndWhatSpeaksAgainst()
    {
        using var context = new ConsoleContext(Worlds.Failed());
        var page = Open(context);
        Assert.StartsWith("node-001/gpu3 · gpu off bus", page.Find("#verdict .culprit").TextContent.Trim(), StringComparison.Ordinal);
        Assert.Contains("97.0 %", page.Find("#verdict .confidence").TextContent, StringComparison.Ordinal);
        Assert.Equal(["log line", "sample", "rule", "against it"], page.FindAll("#verdict .evidence .kind").Select(kind => kind.TextContent));
        Assert.Contains("its node still answers", page.Find("#verdict .evidence .against").TextContent, StringComparison.Ordinal);
        Assert.Equal($"/explore?expr={Uri.EscapeDataString("DCGM_FI_DEV_GPU_UTIL{gpu=\"3\"}")}&at={Worlds.At.ToUnixTimeSeconds()}", page.Find("#verdict a.reference").GetAttribute("href"));
        Assert.Contains("2.1 % of the budget of training-goodput, 3.5 GPU hours", page.Find("#radius").TextContent, StringComparison.Ordinal);
        Assert.Equal(["/nodes/node-001"], page.FindAll("#radius a.entity").Select(link => link.GetAttribute("href")));
    }

    [Theory]
    [InlineData(0, "—")]
    [InlineData(0.004, "0.4 %")]
    public void Confidence_ThatNobodyKnows_IsNoFigure(double value, string shown)
    {
        using var context = new ConsoleContext(Worlds.Quiet());
        Assert.Equal(shown, context.Render<Confidence>(parameters => parameters.Add(one => one.Value, value)).Find(".confidence").TextContent.Trim());
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void AlertInShadow_IsMarkedAmongTheAlerts(bool isShadow, int marks)
    {
        var world = Worlds.Failed();
        var view = world.Alerts[Worlds.OffBus().Fingerprint] with { IsShadow = isShadow };
        using var context = new ConsoleContext(world with { Alerts = world.Alerts.SetItem(Worlds.OffBus().Fingerprint, view) });
        Assert.Equal(marks, Open(context).FindAll("#members .tag").Count);
    }

    [Fact]
    public void Muted_SaysByWhomUntilWhenAndThatNothingBeginsByItself()
    {
        using var context = new ConsoleContext(Worlds.Muted(TimeSpan.FromHours(1)));
        Assert.Equal(
            "muted until 13:30:00 silenced by ada: a new one is ordered, until 2026-03-01 13:30:00 UTC · since 2026-03-01 12:20:00 UTC. Nobody is told of it and no runbook begins by itself; you may run one. Silences",
            string.Join(' ', Open(context).Find(".mute").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void MutedToItsEnd_IsNoNewsOnceItIsOver()
    {
        using var context = new ConsoleContext(Worlds.Muted(TimeSpan.FromHours(1), IncidentState.Resolved));
        Assert.Empty(Open(context).FindAll(".muted"));
    }

    [Fact]
    public void ShowChart_AsksForTheSampleBehindTheLine()
    {
        using var context = new ConsoleContext(Worlds.Failed());
        var page = Open(context);
        page.Find("#verdict button.link").Click();
        Assert.Equal(("DCGM_FI_DEV_GPU_UTIL{gpu=\"3\"}", Worlds.At.AddMinutes(-10), Worlds.At.AddMinutes(10)), context.Feed.Asked[^1]);
        Assert.Equal("true", page.Find("#verdict button.link").GetAttribute("aria-expanded"));
    }

    [Fact]
    public void NoVerdictYet_SaysThatItGathers()
    {
        var view = Worlds.View();
        using var context = new ConsoleContext(Worlds.Failed() with
        {
            Incidents = Worlds.Quiet().Incidents.Add(Worlds.IncidentId, view with { Incident = view.Incident with { Verdict = null, State = IncidentState.Gathering } }),
        });
        var page = Open(context);
        Assert.Equal("No verdict yet", page.Find("#verdict h2").TextContent);
        Assert.Empty(page.FindAll("#causes"));
    }

    [Fact]
    public void Approve_SendsTheReasonWithNameAndTime()
    {
        using var context = new ConsoleContext(Worlds.Failed());
        context.Operator.Introduce("ada");
        var page = Open(context);
        page.Find("#actions .execution input").Input("seen XID 79");
        page.Find("#actions .approve").Click();
        Assert.Equal<Command>(
            [new ApproveExecution(Worlds.ExecutionId) { Actor = "ada", Door = "console", At = ConsoleContext.Now, Reason = "seen XID 79" }], context.Door.Commands);
        Assert.Equal("Done.", page.Find(".answer").TextContent);
    }

    [Fact]
    public void RefusedCommand_SaysWhy()
    {
        using var context = new ConsoleContext(Worlds.Failed());
        context.Door.Outcome = CommandOutcome.Refused("execution x: does not wait for approval");
        var page = Open(context);
        page.Find("#actions .reject").Click();
        Assert.Equal("Refused: execution x: does not wait for approval", page.Find(".answer.refused").TextContent);
    }

    [Theory]
    [InlineData(ExecutionState.Running, "Abort and roll back")]
    [InlineData(ExecutionState.Verifying, "Abort and roll back")]
    [InlineData(ExecutionState.AwaitingBudget, "Abort and roll back")]
    [InlineData(ExecutionState.Succeeded, "")]
    [InlineData(ExecutionState.Rejected, "")]
    public void Execution_OffersOnlyWhatItsStateAllows(ExecutionState state, string button)
    {
        using var context = new ConsoleContext(Worlds.Failed(state));
        Assert.Equal(button, string.Join(",", Open(context).FindAll("#actions .execution button").Select(offered => offered.TextContent)));
    }

    [Fact]
    public void Commands_AcknowledgeAssignAnnotateRunAndFeedback_GoThroughTheDoor()
    {
        using var context = new ConsoleContext(Worlds.Failed());
        var page = Open(context);
        page.Find("#acknowledge").Click();
        page.Find("input[aria-label='Assign to']").Input(" network team ");
        Button(page, "Assign").Click();
        page.Find("input[aria-label=Note]").Input("slot 3 again");
        Button(page, "Add").Click();
        page.Find("select[aria-label=Runbook]").Change("gpu-off-bus");
        Button(page, "Show what it would do").Click();
        Button(page, "Noise").Click();
        Assert.Equal<Command>(
        [
            new AcknowledgeIncident(Worlds.IncidentId) { Actor = "console", Door = "console", At = ConsoleContext.Now },
            new AssignIncident(Worlds.IncidentId, "network team") { Actor = "console", Door = "console", At = ConsoleContext.Now },
            new AnnotateIncident(Worlds.IncidentId, "slot 3 again") { Actor = "console", Door = "console", At = ConsoleContext.Now },
            new RunRunbook(Worlds.IncidentId, "gpu-off-bus", true) { Actor = "console", Door = "console", At = ConsoleContext.Now },
            new GiveFeedback(Worlds.IncidentId, false, null) { Actor = "console", Door = "console", At = ConsoleContext.Now },
        ], context.Door.Commands);
    }

    [Fact]
    public void ResolvedIncident_OffersNotesOnly()
    {
        var view = Worlds.View();
        using var context = new ConsoleContext(Worlds.Failed(ExecutionState.Succeeded) with
        {
            Incidents = Worlds.Quiet().Incidents.Add(Worlds.IncidentId, view with { Incident = view.Incident with { State = IncidentState.Resolved, ResolvedAt = Worlds.At.AddMinutes(5) } }),
        });
        var page = Open(context);
        Assert.Empty(page.FindAll("#acknowledge"));
        Assert.Contains("lasted 5 min", page.Find(".head").TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(page.FindAll("input[aria-label=Note]"));
    }

    [Fact]
    public void TimelineKind_CanBeHidden()
    {
        using var context = new ConsoleContext(Worlds.Failed());
        var page = Open(context);
        Assert.Equal(["verdict", "alert"], page.FindAll(".timeline li").Select(line => line.ClassName));
        page.FindAll("#timeline .mode").Single(button => button.TextContent == "Alert").Click();
        Assert.Equal(["verdict"], page.FindAll(".timeline li").Select(line => line.ClassName));
    }

    private static IRenderedComponent<IncidentPage> Open(ConsoleContext context) =>
        context.Render<IncidentPage>(parameters => parameters.Add(page => page.Id, Worlds.IncidentId));

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<IncidentPage> page, string text) =>
        page.FindAll("button").Single(button => button.TextContent == text);
}
