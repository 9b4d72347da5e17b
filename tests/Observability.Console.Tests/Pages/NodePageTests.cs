using Bunit;
using Observability.Console.Pages;
using Observability.Model;

namespace Observability.Console.Tests.Pages;

public sealed class NodePageTests
{
    [Fact]
    public void UnknownNode_LeadsBackToTheFleet()
    {
        using var context = new ConsoleContext(Worlds.Quiet());
        Assert.Equal("/", Open(context, "node-999").Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public void FailedNode_ShowsGpusHoldIncidentAndAlert()
    {
        using var context = new ConsoleContext(Worlds.Failed() with { Holds = Worlds.Quiet().Holds.Add("h", Worlds.Hold("h")) });
        context.Feed.Chart = expression => new ChartData([new ChartLine(LabelSet.Of(("__name__", expression.Split('{')[0]), ("UUID", Worlds.Gpu.Name)), [new Sample(0, 61)])], null);
        var page = Open(context, "node-001");
        page.WaitForState(() => page.FindAll("#gpus tr.critical td").Count > 2 && page.FindAll("#gpus tr.critical td")[2].TextContent == "61 °C");
        Assert.Equal(
            ["node-001/gpu3", "critical: GpuOffBus", "61 °C", "61 %", "61 W", "llama/11", Worlds.Gpu.Name],
            page.FindAll("#gpus tr.critical td").Select(cell => cell.TextContent));
        Assert.StartsWith("rack-00 · runs llama", page.Find(".head p").TextContent.Trim(), StringComparison.Ordinal);
        Assert.NotEmpty(page.FindAll("[data-hold=h]"));
        Assert.Equal($"/incidents/{Worlds.IncidentId}", page.Find("#incidents a.card").GetAttribute("href"));
        Assert.Contains("GpuOffBus", page.Find("#alerts").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void NoValue_IsNotSeenRatherThanZero()
    {
        using var context = new ConsoleContext(Worlds.Quiet());
        Assert.Equal("not seen", Open(context, "node-004").FindAll("#gpus tbody tr td")[2].TextContent);
    }

    private static IRenderedComponent<NodePage> Open(ConsoleContext context, string node) =>
        context.Render<NodePage>(parameters => parameters.Add(page => page.Name, node));
}
