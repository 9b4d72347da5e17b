namespace Observability.Alerting.Tests;

public sealed class RobustCusumTests
{
    private readonly RobustCusum _cusum = new(new ChangePointOptions());
    private readonly Random _random = new(1);
    private int _step;

    [Fact]
    public void LastingShift_IsFoundWithinTenSteps_AndDatedToItsFirst()
    {
        Run(300, 10);
        Assert.Null(_cusum.Change);

        var found = RunUntilFound(11, 60);

        Assert.InRange(found, 3, 10);
        Run(40, 11);
        var change = _cusum.Change!.Value;
        Assert.Equal(1.1, change.Ratio, 0.02);
        Assert.InRange((change.At - Rows.TimeOf(300)).TotalMinutes, -15, 15);
    }

    [Fact]
    public void SmallerShiftThanAnyFixedLimit_IsFound_BothWays()
    {
        Run(300, 10);
        Assert.InRange(RunUntilFound(10.5, 100), 3, 40);
        Run(100, 10);
        Assert.Null(_cusum.Change);
        Assert.InRange(RunUntilFound(9.5, 100), 3, 40);
        Assert.True(_cusum.Change!.Value.Ratio < 1);
    }

    [Fact]
    public void NoiseAndSingleOutliers_AreNoChange()
    {
        for (var i = 0; i < 20_000; i++)
        {
            See(i % 50 == 0 ? 60 : 10);
            Assert.Null(_cusum.Change);
        }
    }

    [Fact]
    public void ShiftTooSmallToMatter_IsNoChange_AndIsLearned()
    {
        Run(300, 10);
        for (var i = 0; i < 2_000; i++)
        {
            See(10.2);
            Assert.Null(_cusum.Change);
        }
    }

    [Fact]
    public void BackAtTheOldLevel_Ends_AndALongChangeBecomesUsual()
    {
        Run(300, 10);
        Run(50, 12);
        Assert.Equal(12, _cusum.Change!.Value.To, 0.2);
        Run(40, 10);
        Assert.Null(_cusum.Change);

        Run(650, 12);
        Assert.Null(_cusum.Change);
        RunUntilFound(10, 50);
        Assert.Equal(12, _cusum.Change!.Value.From, 0.2);
    }

    [Fact]
    public void ConstantSeries_IsComparedToo()
    {
        for (var i = 0; i < 200; i++)
            _cusum.See(5, Rows.TimeOf(i));
        for (var i = 0; i < 5; i++)
            _cusum.See(6, Rows.TimeOf(200 + i));

        Assert.Equal(1.2, _cusum.Change!.Value.Ratio, 12);
        Assert.Equal(Rows.TimeOf(200), _cusum.Change!.Value.At);
    }

    private void Run(int steps, double level)
    {
        for (var i = 0; i < steps; i++)
            See(level);
    }

    private int RunUntilFound(double level, int most)
    {
        for (var i = 1; i <= most; i++)
        {
            See(level);
            if (_cusum.Change is not null)
                return i;
        }

        return int.MaxValue;
    }

    private void See(double level) =>
        _cusum.See(level + (0.2 * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble())), Rows.TimeOf(_step++));
}
