using Bunit;
using Observability.Console.Pages;
using Observability.Model;
using Observability.Testing;

namespace Observability.Console.Tests.Pages;

public sealed class FleetPageTests
{
    [Fact]
    public void NoNode_SaysWhereNodesComeFrom()
    {
        using var context = new ConsoleContext();
        Assert.Contains("collect.target_urls", context.Render<FleetPage>().Find(".empty").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void QuietFleet_ShowsEveryNodeHealthyAndNoIncident()
    {
        using var context = new ConsoleContext(Worlds.Quiet());
        var page = context.Render<FleetPage>();
        Assert.Equal(["rack-00", "rack-01"], page.FindAll(".rack h2").Select(rack => rack.TextContent));
        Assert.Equal(5, page.FindAll("[data-node][data-state=healthy][data-held=false]").Count);
        Assert.Equal(40, page.FindAll(".heat .gpu.healthy").Count);
        Assert.Equal("No open incident.", page.Find(".calm").TextContent);
    }

    [Fact]
    public void NewSnapshot_IsDrawnWithoutReload()
    {
        using var context = new ConsoleContext(Worlds.Quiet());
        var page = context.Render<FleetPage>();
        context.Feed.Publish(Worlds.Failed() with { Holds = Worlds.Quiet().Holds.Add("h", Worlds.Hold()) });
        page.WaitForState(() => page.FindAll("[data-state=critical]").Count == 1);
        var node = page.Find("[data-node=node-001]");
        Assert.Equal(("critical", "true", "/nodes/node-001"), (node.GetAttribute("data-state"), node.GetAttribute("data-held"), node.GetAttribute("href")));
        Assert.Equal("node-001: critical, GpuOffBus, held out of service", node.GetAttribute("aria-label"));
        Assert.Equal("node-001/gpu3: GpuOffBus", page.Find(".heat .gpu.critical").GetAttribute("title"));
        Assert.Equal($"/incidents/{Worlds.IncidentId}", page.Find(".strip a.card").GetAttribute("href"));
        Assert.Equal(["5", "40", "1", "0", "0", "1", "98.3 %"], page.FindAll(".tile .value").Select(tile => tile.TextContent));
    }

    [Fact]
    public void NodeInAnnouncedMaintenance_IsNotSeenInsteadOfCritical()
    {
        var announced = Worlds.AlertOf("MaintenanceStarted", Worlds.Node, "info", FaultClass.Maintenance);
        using var context = new ConsoleContext(Worlds.With(Worlds.With(Worlds.Quiet(), Worlds.OffBus()), announced));
        var page = context.Render<FleetPage>();
        Assert.Equal("node-001: unknown, announced maintenance", page.Find("[data-node=node-001]").GetAttribute("aria-label"));
        Assert.Empty(page.FindAll(".heat .gpu.critical"));
        Assert.Equal(8, page.FindAll("[data-node=node-001] .gpu.unknown").Count);
    }

    [Fact]
    public void Temperature_ColoursGpusByTheirNewestValueAndMarksTheRestAsNotSeen()
    {
        using var context = new ConsoleContext(Worlds.Quiet());
        context.Feed.Chart = expression => new ChartData(
            [new ChartLine(LabelSet.Of(("__name__", expression), ("UUID", Worlds.Gpu.Name)), [new Sample(0, 30), new Sample(1_000, 90)])], null);
        var page = context.Render<FleetPage>();
        page.FindAll(".mode").Single(button => button.TextContent == "Temperature").Click();
        Assert.Equal("node-001/gpu3 90 °C", page.Find(".heat .gpu.shade7").GetAttribute("title"));
        Assert.Equal(39, page.FindAll(".heat .gpu.unknown").Count);
        Assert.Equal("DCGM_FI_DEV_GPU_TEMP", context.Feed.Asked[^1].Expression);
    }

    [Fact]
    public void ChartFails_SaysWhy()
    {
        using var context = new ConsoleContext(Worlds.Quiet());
        context.Feed.Chart = _ => new ChartData([], "the store is closed");
        var page = context.Render<FleetPage>();
        page.FindAll(".mode").Single(button => button.TextContent == "Power").Click();
        Assert.Equal("the store is closed", page.Find(".error").TextContent);
    }

    [Fact]
    public void SilentMonitor_MakesItsNodeUnknownNotHealthy()
    {
        var monitor = new EntityId(EntityKind.Monitor, $"{Fleets.Node(2)}/dcgm");
        using var context = new ConsoleContext(Worlds.With(Worlds.Quiet(), Worlds.AlertOf("MonitorSilent", monitor, "warning", FaultClass.MonitorSilent)));
        var page = context.Render<FleetPage>();
        Assert.Equal(8, page.FindAll("[data-node=node-002] .gpu.unknown").Count);
    }
}
