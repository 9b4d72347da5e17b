using Bunit;
using Observability.Console.Pages;
using Observability.Model;

namespace Observability.Console.Tests.Pages;

public sealed class HoldsPageTests
{
    [Fact]
    public void NothingHeldOrSilenced_SaysSo()
    {
        using var context = new ConsoleContext(Worlds.Quiet());
        Assert.Equal(["No node is held.", "Nothing is silenced."], context.Render<HoldsPage>().FindAll(".empty").Select(line => line.TextContent));
    }

    [Fact]
    public void Release_AsksOnceMoreAndNeedsAReason()
    {
        using var context = new ConsoleContext(Worlds.Quiet() with { Holds = Worlds.Quiet().Holds.Add("h", Worlds.Hold("h")) });
        var page = context.Render<HoldsPage>();
        Assert.Contains("must be renewed in 3 h", page.Find("[data-hold=h]").TextContent, StringComparison.Ordinal);
        page.Find("button[aria-label='Release h']").Click();
        Assert.True(page.Find("[data-hold=h] .reject").HasAttribute("disabled"));
        page.Find("[data-hold=h] input").Input("slot repaired");
        page.Find("[data-hold=h] .reject").Click();
        Assert.Equal<Command>([new ReleaseHold("h") { Actor = "console", Door = "console", At = ConsoleContext.Now, Reason = "slot repaired" }], context.Door.Commands);
    }

    [Fact]
    public void OverdueHold_IsCalledOverdue()
    {
        using var context = new ConsoleContext(Worlds.Quiet() with { Holds = Worlds.Quiet().Holds.Add("h", Worlds.Hold("h") with { ExpiresAt = ConsoleContext.Now }) });
        Assert.Contains("overdue: nobody has renewed it", context.Render<HoldsPage>().Find("[data-hold=h]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Silence_ShowsWhatItCoversAndCanBeEnded()
    {
        using var context = new ConsoleContext(Worlds.Failed() with { Silences = Worlds.Quiet().Silences.Add("s-1", Worlds.Silence()) });
        var page = context.Render<HoldsPage>();
        var row = page.Find("[data-silence=s-1]");
        Assert.Equal("alertname=\"GpuOffBus\"", row.QuerySelector("code")!.TextContent);
        Assert.Contains("ends in 2 h, covers 1 alert", row.TextContent, StringComparison.Ordinal);
        page.Find("button[aria-label='End silence s-1']").Click();
        Assert.Equal("s-1", Assert.IsType<ExpireSilence>(Assert.Single(context.Door.Commands)).SilenceId);
    }

    [Fact]
    public void NewSilence_WithABrokenPattern_SaysWhichAndSendsNothing()
    {
        using var context = new ConsoleContext(Worlds.Failed());
        var page = context.Render<HoldsPage>();
        page.Find("input[aria-label=Label]").Input("node");
        page.Find("select[aria-label=Comparison]").Change("=~");
        page.Find("input[aria-label=Value]").Input("node-(");
        page.Find("input[aria-label=Comment]").Input("rack move");
        page.Find("form").Submit();
        Assert.StartsWith("node: 'node-(' is not a regular expression that can be used:", page.Find("form .error").TextContent, StringComparison.Ordinal);
        Assert.Empty(context.Door.Commands);
    }

    [Fact]
    public void NewSilence_WithoutACondition_IsRefusedHere()
    {
        using var context = new ConsoleContext(Worlds.Failed());
        var page = context.Render<HoldsPage>();
        page.Find("form").Submit();
        Assert.Equal("matchers: at least one condition needs a label; a silence of everything is not allowed", page.Find("form .error").TextContent);
        Assert.Empty(context.Door.Commands);
    }

    [Fact]
    public void EndedSilence_MovesToTheEndedOnes()
    {
        using var context = new ConsoleContext(Worlds.Quiet() with { Silences = Worlds.Quiet().Silences.Add("s-1", Worlds.Silence() with { EndsAt = ConsoleContext.Now }) });
        var page = context.Render<HoldsPage>();
        Assert.Empty(page.FindAll("[data-silence]"));
        Assert.Contains("being replaced", page.Find("#ended").TextContent, StringComparison.Ordinal);
    }
}
