namespace Observability.Alerting.Tests;

public sealed class TrendTests
{
    [Fact]
    public void Line_WithAThirdOfItsPointsAbsurd_KeepsSlopeAndLevel()
    {
        var points = Enumerable.Range(0, 31).Select(i => (Seconds: 60.0 * i, Value: 100 - (0.5 * 60 * i))).ToArray();
        for (var i = 1; i < 31; i += 4)
            points[i].Value = 1e9;

        var trend = Trend.Of(points);

        Assert.Equal(-0.5, trend.Slope, 9);
        Assert.Equal(100 - (0.5 * 1_800), trend.Level, 9);
    }

    [Fact]
    public void Reaches_TellsExpectedEarliestAndLatest()
    {
        var falling = new Trend(-2, -4, -1, 100);

        Assert.Equal((50, 25, 100), falling.Reaches(0, isAbove: false));
        Assert.Equal((null, null, null), falling.Reaches(200, isAbove: true));
        Assert.Equal((0, 0, 0), falling.Reaches(100, isAbove: false));
        Assert.Equal((50, 10, null), new Trend(2, -1, 10, 100).Reaches(200, isAbove: true));
    }

    // 95 % is promised: of 400 lines with noise, the true slope lies in the interval in about 380. Noise with heavy tails is no exception.
    [Theory]
    [InlineData(12, false)]
    [InlineData(60, false)]
    [InlineData(60, true)]
    public void Interval_CoversTheTrueSlope(int points, bool heavyTailed)
    {
        var random = new Random(5);
        var covered = Enumerable.Range(0, 400).Count(_ =>
        {
            var trend = Trend.Of([.. Enumerable.Range(0, points).Select(i => (300.0 * i, (0.01 * 300 * i) + Noise(random, heavyTailed)))]);
            return trend.Low <= 0.01 && 0.01 <= trend.High;
        });

        Assert.InRange(covered, 366, 394);
    }

    private static double Noise(Random random, bool heavyTailed) =>
        heavyTailed ? Math.Tan(Math.PI * (random.NextDouble() - 0.5)) : Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
