namespace Observability.Alerting.Tests;

public sealed class SlowStepsTests
{
    private readonly SlowSteps _steps = new(new SlowStepOptions());
    private readonly Random _random = new(1);

    [Theory]
    [InlineData(1.15)]
    [InlineData(1.3)]
    [InlineData(2.5)]
    public void LastingShift_IsFoundWithTheThirdSlowStep_AndEndsWithTheThirdUsualOne(double factor)
    {
        Run(200, 4);
        Assert.Equal(3, StepsUntil(slow: true, 4 * factor));
        Assert.InRange(_steps.Ratio, factor - 0.05, factor + 0.05);
        Assert.Equal(3, StepsUntil(slow: false, 4));
    }

    /// <summary>One step in two hundred is long by itself, up to twice as long: no run of three in a day of 4 s steps.</summary>
    [Fact]
    public void LongStepsNowAndThen_AreNotASlowJob()
    {
        for (var i = 0; i < 21_600; i++)
        {
            See(_random.NextDouble() < 0.005 ? 4 * (1.2 + (0.8 * _random.NextDouble())) : 4);
            Assert.False(_steps.IsSlow);
        }
    }

    /// <summary>Steps that always vary by a fifth are slow only beyond that: the spread counts, not the ratio alone.</summary>
    [Fact]
    public void JobWhoseStepsVaryWidely_NeedsMore()
    {
        for (var i = 0; i < 5_000; i++)
        {
            _steps.See(4 * (0.8 + (0.4 * _random.NextDouble())));
            Assert.False(_steps.IsSlow);
        }

        Assert.InRange(_steps.Limit, 5.5, 8);
        Assert.Equal(3, StepsUntil(slow: true, 9));
    }

    [Fact]
    public void YoungJob_IsNotJudged()
    {
        Run(10, 4);
        Run(9, 9);
        Assert.False(_steps.IsSlow);
    }

    [Fact]
    public void LongAtTheNewPace_IsTheUsualOne()
    {
        Run(200, 4);
        Run(602, 5);
        Assert.False(_steps.IsSlow);
        Run(40, 5);
        Assert.False(_steps.IsSlow);
        Assert.Equal(5, _steps.Usual, 0.1);
        Assert.Equal(3, StepsUntil(slow: true, 6));
    }

    private int StepsUntil(bool slow, double seconds)
    {
        for (var steps = 1; steps <= 100; steps++)
        {
            See(seconds);
            if (_steps.IsSlow == slow)
                return steps;
        }

        return int.MaxValue;
    }

    private void Run(int steps, double seconds)
    {
        for (var i = 0; i < steps; i++)
            See(seconds);
    }

    private void See(double seconds) => _steps.See(seconds * (0.99 + (0.02 * _random.NextDouble())));
}
