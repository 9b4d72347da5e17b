using Bunit;
using Observability.Console.Pages;
using Observability.Model;

namespace Observability.Console.Tests.Pages;

public sealed class IncidentsPageTests
{
    [Fact]
    public void NothingHappened_SaysSo()
    {
        using var context = new ConsoleContext(Worlds.Quiet());
        Assert.StartsWith("Nothing has happened yet.", context.Render<IncidentsPage>().Find(".empty").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Row_NamesCulpritFaultAndLength()
    {
        using var context = new ConsoleContext(Worlds.Failed());
        var cells = context.Render<IncidentsPage>().FindAll("tbody tr td").Select(cell => cell.TextContent.Trim()).ToArray();
        Assert.Equal(["open", "node-001/gpu3", "gpu off bus"], cells[1..4]);
        Assert.Equal(["9", "12:20:00", "10 min"], cells[5..]);
    }

    [Theory]
    [InlineData(60, "open muted until 13:30:00")]
    [InlineData(1_500, "open muted until 2026-03-02 13:30:00 UTC")]
    public void MutedOne_SaysUntilWhen_AndByWhom(int minutes, string says)
    {
        using var context = new ConsoleContext(Worlds.Muted(TimeSpan.FromMinutes(minutes)));
        var page = context.Render<IncidentsPage>();
        Assert.Equal(says, page.Find("tbody tr td:nth-child(2)").TextContent.Trim());
        Assert.StartsWith("silenced by ada: a new one is ordered, until 2026-03-0", page.Find(".pill.muted").GetAttribute("title"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpu3", 1)]
    [InlineData("GPU_OFF", 1)]
    [InlineData("llama", 1)]
    [InlineData("INC-000001", 1)]
    [InlineData("leaf", 0)]
    public void Filter_LooksAtIdTitleCulpritFaultAndJob(string filter, int rows)
    {
        using var context = new ConsoleContext(Worlds.Failed());
        var page = context.Render<IncidentsPage>();
        page.Find("[data-filter]").Input(filter);
        Assert.Equal(rows, page.FindAll("tbody tr").Count);
        Assert.Equal(rows == 0 ? ["No incident matches the filter."] : [], page.FindAll(".empty").Select(line => line.TextContent));
    }

    [Fact]
    public void OpenOnly_HidesResolvedOnes()
    {
        var view = Worlds.View();
        using var context = new ConsoleContext(Worlds.Failed() with
        {
            Incidents = Worlds.Failed().Incidents.Add("INC-000002", view with { Incident = view.Incident with { Id = "INC-000002", State = IncidentState.Resolved } }),
        });
        var page = context.Render<IncidentsPage>();
        Assert.Equal(["INC-000002", "INC-000001"], page.FindAll("tbody a").Select(link => link.TextContent));
        page.Find("input[type=checkbox]").Change(true);
        Assert.Equal(["INC-000001"], page.FindAll("tbody a").Select(link => link.TextContent));
    }
}
