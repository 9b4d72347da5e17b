using Bunit;
using Observability.Console.Components;
using Observability.Model;
using Observability.Testing;

namespace Observability.Console.Tests.Components;

public sealed class LineChartTests
{
    private static readonly DateTimeOffset From = Fleets.Start;

    [Fact]
    public void NoSeries_SaysWhatToCheck()
    {
        using var context = new ConsoleContext();
        Assert.StartsWith("No series matches in this range.", Draw(context, []).Find("figcaption").TextContent.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public void Points_SpanTheRangeAndSkipWhatIsNotANumber()
    {
        using var context = new ConsoleContext();
        var line = new ChartLine(LabelSet.Of(("__name__", "up")), [At(0, 0), At(30, double.NaN), At(45, double.PositiveInfinity), At(60, 10)]);
        Assert.Equal("70,240 900,10", Draw(context, [line]).Find("polyline").GetAttribute("points"));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(30, 1)]
    [InlineData(61, 0)]
    public void Mark_IsDrawnOnlyInsideTheRange(int seconds, int lines)
    {
        using var context = new ConsoleContext();
        var chart = context.Render<LineChart>(parameters => parameters
            .Add(drawn => drawn.Data, new ChartData([], null)).Add(drawn => drawn.From, From).Add(drawn => drawn.To, From.AddSeconds(60))
            .Add(drawn => drawn.Mark, From.AddSeconds(seconds)));
        Assert.Equal(lines, chart.FindAll(".markline").Count);
    }

    [Fact]
    public void ManySeries_AreCutAndCounted()
    {
        using var context = new ConsoleContext();
        var lines = Enumerable.Range(0, 21).Select(i => new ChartLine(LabelSet.Of(("i", $"{i}")), [At(0, i)]));
        var chart = Draw(context, [.. lines]);
        Assert.Equal(20, chart.FindAll("polyline").Count);
        Assert.Equal("and 1 more", chart.Find("figcaption .sub").TextContent);
    }

    private static Sample At(int seconds, double value) => new(From.AddSeconds(seconds).ToUnixTimeMilliseconds(), value);

    private static IRenderedComponent<LineChart> Draw(ConsoleContext context, IReadOnlyList<ChartLine> lines) => context.Render<LineChart>(parameters => parameters
        .Add(chart => chart.Data, new ChartData(lines, null)).Add(chart => chart.From, From).Add(chart => chart.To, From.AddSeconds(60)));
}
