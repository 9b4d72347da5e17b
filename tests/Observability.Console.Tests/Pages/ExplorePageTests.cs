using Bunit;
using Observability.Console.Pages;
using Observability.Model;

namespace Observability.Console.Tests.Pages;

public sealed class ExplorePageTests
{
    [Fact]
    public void NothingAsked_OffersExamples()
    {
        using var context = new ConsoleContext(Worlds.Quiet());
        Assert.Equal("up == 0", context.Render<ExplorePage>().Find("li code").TextContent);
    }

    [Fact]
    public void Link_IsAskedAtOnceAroundItsTime()
    {
        using var context = new ConsoleContext(Worlds.Quiet()).At($"/explore?expr=up&at={Worlds.At.ToUnixTimeSeconds()}");
        context.Render<ExplorePage>();
        Assert.Equal(("up", ConsoleContext.Now.AddMinutes(-30), ConsoleContext.Now), Assert.Single(context.Feed.Asked));
    }

    [Fact]
    public void AbsurdTime_CountsAsNow()
    {
        using var context = new ConsoleContext(Worlds.Quiet()).At($"/explore?expr=up&at={long.MaxValue}");
        context.Render<ExplorePage>();
        Assert.Equal(("up", ConsoleContext.Now.AddMinutes(-30), ConsoleContext.Now), Assert.Single(context.Feed.Asked));
    }

    [Fact]
    public void UnusableExpression_ShowsTheMessageAndNoChart()
    {
        using var context = new ConsoleContext(Worlds.Quiet());
        context.Feed.Chart = _ => new ChartData([], "1:4: unexpected end of input");
        var page = context.Render<ExplorePage>();
        page.Find("input").Input("sum(");
        page.Find("form").Submit();
        Assert.Equal("1:4: unexpected end of input", page.Find(".error").TextContent);
        Assert.Empty(page.FindAll("svg"));
    }

    [Fact]
    public void EmptyExpression_IsNotAsked()
    {
        using var context = new ConsoleContext(Worlds.Quiet());
        var page = context.Render<ExplorePage>();
        page.Find("form").Submit();
        Assert.StartsWith("The expression is empty", page.Find(".error").TextContent, StringComparison.Ordinal);
        Assert.Empty(context.Feed.Asked);
    }

    [Fact]
    public void Answer_IsDrawnWithItsLastValue()
    {
        using var context = new ConsoleContext(Worlds.Quiet());
        context.Feed.Chart = _ => new ChartData([new ChartLine(LabelSet.Of(("__name__", "up")), [new Sample(ConsoleContext.Now.ToUnixTimeMilliseconds(), 1)])], null);
        var page = context.Render<ExplorePage>();
        page.Find("input").Input("up");
        page.Find("form").Submit();
        Assert.Equal("1", page.Find(".legend strong").TextContent);
        Assert.Single(page.FindAll("polyline"));
    }
}
