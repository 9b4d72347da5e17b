using Bunit;
using Observability.Console.Pages;
using Observability.Model;

namespace Observability.Console.Tests.Pages;

public sealed class RunbookPagesTests
{
    [Fact]
    public void NoRunbook_SaysWhereTheyAreWritten()
    {
        using var context = new ConsoleContext(Worlds.Quiet());
        Assert.Contains("content.runbooks", context.Render<RunbooksPage>().Find(".empty").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void List_CountsRunsAndSuccesses()
    {
        using var context = new ConsoleContext(Worlds.Failed(ExecutionState.Succeeded));
        var cells = context.Render<RunbooksPage>().FindAll("tbody td").Select(cell => cell.TextContent.Trim()).ToArray();
        Assert.Equal(["GPU off the busgpu-off-bus", "gpu off bus from 80.0 %", "medium", "Act", "1", "1 of 1"], cells);
    }

    [Fact]
    public void Page_ShowsStepsChecksTextAndRuns()
    {
        using var context = new ConsoleContext(Worlds.Failed());
        var page = context.Render<RunbookPage>(parameters => parameters.Add(runbook => runbook.Id, "gpu-off-bus"));
        Assert.Equal(["Steps", "Must hold for 5 min before it returns", "Return to service"], page.FindAll("#steps h2").Select(title => title.TextContent));
        Assert.Equal("Look at the PCIe slot.", page.Find("#text").TextContent);
        Assert.Equal(Worlds.ExecutionId, page.Find("#runs .execution").GetAttribute("data-execution"));
    }

    [Fact]
    public void UnknownRunbook_LeadsBack()
    {
        using var context = new ConsoleContext(Worlds.Quiet());
        var page = context.Render<RunbookPage>(parameters => parameters.Add(runbook => runbook.Id, "none"));
        Assert.Equal("/runbooks", page.Find(".empty a").GetAttribute("href"));
    }
}
