using Bunit;
using Observability.Console.Pages;
using Observability.Model;

namespace Observability.Console.Tests.Pages;

public sealed class ApprovalsPageTests
{
    [Fact]
    public void NothingWaits_SaysSoThreeTimes()
    {
        using var context = new ConsoleContext(Worlds.Quiet());
        Assert.Equal(
            ["Nothing waits for a yes.", "No runbook runs now.", "Nothing has been decided yet."],
            context.Render<ApprovalsPage>().FindAll(".empty").Select(line => line.TextContent));
    }

    [Fact]
    public void WaitingRun_ShowsWhatItIsForAndTakesANo()
    {
        using var context = new ConsoleContext(Worlds.Failed());
        var page = context.Render<ApprovalsPage>();
        var panel = page.Find(".waiting");
        Assert.Contains("hardware: node-001/gpu3, gpu off bus", panel.TextContent, StringComparison.Ordinal);
        Assert.Contains("97.0 %", panel.TextContent, StringComparison.Ordinal);
        page.Find(".waiting input").Input("not at night");
        page.Find(".waiting .reject").Click();
        Assert.Equal<Command>(
            [new RejectExecution(Worlds.ExecutionId) { Actor = "console", Door = "console", At = ConsoleContext.Now, Reason = "not at night" }], context.Door.Commands);
    }

    [Fact]
    public void ServerWithKeys_TakesCommandsOnlyFromAnOwnerOfOne()
    {
        using var context = new ConsoleContext(Worlds.Failed());
        context.Door.Key = "0123456789abcdef";
        var page = context.Render<ApprovalsPage>();
        page.Find(".waiting input").Input("not at night");
        page.Find(".waiting .reject").Click();
        Assert.Empty(context.Door.Commands);
        Assert.Contains("server.api_keys", page.Markup, StringComparison.Ordinal);
        context.Operator.Prove("ada");
        page.Find(".waiting .reject").Click();
        Assert.Equal("api-key:ada", Assert.Single(context.Door.Commands).Actor);
    }

    [Fact]
    public void RunningRun_CanBeAborted()
    {
        using var context = new ConsoleContext(Worlds.Failed(ExecutionState.Running));
        var page = context.Render<ApprovalsPage>();
        Assert.Equal(["✓ cordon", "○ evict"], page.FindAll(".steps li").Select(step => string.Join(' ', step.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[..2])));
        page.Find(".reject").Click();
        Assert.IsType<AbortExecution>(Assert.Single(context.Door.Commands));
    }

    [Fact]
    public void DecidedRun_IsListedAsDone()
    {
        using var context = new ConsoleContext(Worlds.Failed(ExecutionState.Rejected));
        Assert.StartsWith("gpu-off-bus on node-001 · rejected", context.Render<ApprovalsPage>().Find("details summary").TextContent, StringComparison.Ordinal);
    }
}
