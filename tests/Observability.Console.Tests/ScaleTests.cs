using Observability.Model;

namespace Observability.Console.Tests;

public sealed class ScaleTests
{
    [Theory]
    [InlineData(-5, 0)]
    [InlineData(30, 0)]
    [InlineData(58.5, 4)]
    [InlineData(86.9, 7)]
    [InlineData(87, 7)]
    [InlineData(200, 7)]
    public void Shade_StaysOnTheScale(double celsius, int shade) => Assert.Equal(shade, HeatScale.Of(HeatMode.Temperature)!.Shade(celsius));

    [Fact]
    public void Values_LeaveOutUnknownDevicesAndWhatIsNotANumber()
    {
        var data = new ChartData(
        [
            new ChartLine(LabelSet.Of(("UUID", Worlds.Gpu.Name)), [new Sample(0, 1), new Sample(1, 42)]),
            new ChartLine(LabelSet.Of(("UUID", "GPU-000-0")), [new Sample(0, double.NaN)]),
            new ChartLine(LabelSet.Of(("UUID", "GPU-of-nobody")), [new Sample(0, 1)]),
            new ChartLine(LabelSet.Of(("UUID", "GPU-000-1")), []),
        ], null);
        Assert.Equal(new Dictionary<EntityId, double> { [Worlds.Gpu] = 42 }, HeatScale.Values(data, Worlds.Quiet().Topology));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(300, 5)]
    [InlineData(1_500, 5)]
    [InlineData(1_501, 6)]
    [InlineData(259_200, 864)]
    public void Step_GivesAtMostThreeHundredPoints(double seconds, double step) =>
        Assert.Equal(TimeSpan.FromSeconds(step), ChartStep.For(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(119, "119 s")]
    [InlineData(120, "2 min")]
    [InlineData(7_200, "2 h")]
    [InlineData(2_419_200, "28 d")]
    [InlineData(-30, "-30 s")]
    public void Span_IsWrittenInTheUnitPeopleUse(double seconds, string text) => Assert.Equal(text, Words.Span(TimeSpan.FromSeconds(seconds)));
}
