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
        Assert.Equal(["No incident has been opened yet.", "No alert is reduced now."], context.Render<NoisePage>().FindAll(".empty").Select(line => line.TextContent));
    }

    [Fact]
    public void Reduction_NamesItsReasonAndDetail()
    {
        var slow = Worlds.AlertOf("NodeSlow", new EntityId(EntityKind.Node, Fleets.Node(2)), "warning");
        using var context = new ConsoleContext(Worlds.With(Worlds.Failed(), slow, new NoiseMark(NoiseReason.Silenced, "s-1", "silenced by ada")));
        var page = context.Render<NoisePage>();
        Assert.Equal(["120", "2", "98.3 %", "7"], page.FindAll(".tile .value").Select(tile => tile.TextContent));
        Assert.Equal("silenced: silenced by ada · its silence", page.FindAll("#reduced td")[2].TextContent.Trim());
        Assert.Equal("/holds", page.Find("#reduced td a").GetAttribute("href"));
    }
}
