namespace Observability.Alerting.Tests;

public sealed class SeriesAnomalyDetectorTests
{
    [Fact]
    public void Spike_IsAnAlarmAtItsRow_AndTheRestOfItIsNot()
    {
        var values = Rows.Noise(2_000, 1);
        for (var row = 1_500; row < 1_510; row++)
            values[row] += 40;

        var near = Rows.Alarms(values).Where(row => row is >= 1_450 and < 1_600);

        Assert.Equal([1_500], near);
    }

    [Fact]
    public void LevelShift_IsAnAlarm_AndTheNewLevelIsNot()
    {
        var values = Rows.Noise(3_000, 2);
        for (var row = 1_500; row < 3_000; row++)
            values[row] += 8;

        var alarms = Rows.Alarms(values);

        Assert.Contains(alarms, row => row is >= 1_500 and < 1_510);
        Assert.DoesNotContain(alarms, row => row > 2_200);
    }

    [Fact]
    public void NoonAtMidnight_IsAnAlarm_ThoughTheValueIsCommon()
    {
        var values = Rows.Daily(288 * 10, 3);
        for (var row = 0; row < 36; row++)
            values[(288 * 8) + 200 + row] = values[(288 * 8) + 60 + row];

        Assert.Contains(Rows.Alarms(values), row => row is >= (288 * 8) + 200 and < (288 * 8) + 240);
    }

    [Fact]
    public void SpikeEveryNight_StopsBeingNews()
    {
        var values = Rows.Noise(288 * 20, 4);
        for (var night = 1; night < 20; night++)
            values[288 * night] += 30;

        var nights = Rows.Alarms(values).Where(row => row % 288 == 0).Select(row => row / 288).ToArray();

        Assert.Equal([1, 2, 3], nights[..3]);
        Assert.InRange(nights.Count(night => night >= 10), 0, 3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NothingUnusual_IsRarelyAnAlarm(bool heavyTailed)
    {
        const int rows = 4_000;
        var alarms = Enumerable.Range(10, 5).Sum(seed => Rows.Alarms(heavyTailed ? Rows.HeavyTailed(rows, seed) : Rows.Noise(rows, seed)).Count);

        Assert.InRange(alarms, 0, 5 * rows / 400);
    }

    [Fact]
    public void LaterRows_NeverChangeEarlierScores()
    {
        var values = Rows.HeavyTailed(1_500, 5);
        var all = Rows.Score(values);

        foreach (var length in new[] { 1, 2, 99, 101, 350, 1_200 })
            Assert.Equal(all.Take(length), Rows.Score(values.Take(length)));
    }

    [Fact]
    public void SameRows_SameScores_BetweenZeroAndOne()
    {
        var values = Rows.Daily(1_500, 6);
        var scores = Rows.Score(values);

        Assert.Equal(scores, Rows.Score(values));
        Assert.All(scores, score => Assert.InRange(score.Score, 0, 1));
        Assert.Contains(scores, score => score.Score > 0);
    }

    [Fact]
    public void Unit_DoesNotMatter()
    {
        // Bins of the tail estimate move with the unit, by less than their width of 2 %.
        var values = Rows.HeavyTailed(1_500, 7);
        var inBytes = Rows.Score(values.Select(value => value * 1_048_576));

        Assert.All(Rows.Score(values).Zip(inBytes), pair => Assert.Equal(pair.First.Views.Surprise, pair.Second.Views.Surprise, 0.25));
    }

    [Fact]
    public void ConstantSeries_ScoresZero_AndItsFirstChangeIsAnAlarm()
    {
        var values = Enumerable.Repeat(7.0, 600).ToArray();
        values[500] = 7.5;

        Assert.Equal([500], Rows.Alarms(values));
        Assert.All(Rows.Score(values).Take(500), score => Assert.Equal(default, score));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void MissingRow_ScoresZero_AndTeachesNothing(double missing)
    {
        var values = Rows.Noise(800, 8);
        var detector = new SeriesAnomalyDetector(new SeriesAnomalyOptions());
        var scores = new List<SeriesScore>();
        for (var row = 0; row < values.Length; row++)
        {
            Assert.Equal(default, detector.Observe(Rows.TimeOf(row), missing));
            scores.Add(detector.Observe(Rows.TimeOf(row), values[row]));
        }

        Assert.Equal(Rows.Score(values), scores);
    }

    [Fact]
    public void TimesThatJumpAndRepeatAndMiss_AreTaken()
    {
        var values = Rows.Noise(1_200, 9);
        values[1_000] += 40;
        var random = new Random(9);
        var detector = new SeriesAnomalyDetector(new SeriesAnomalyOptions());
        var scores = values.Select((value, row) => detector.Observe(
            (row % 4) switch { 0 => null, 1 => DateTimeOffset.MinValue, 2 => DateTimeOffset.MaxValue, _ => Rows.TimeOf(random.Next(5_000)) }, value)).ToArray();

        Assert.True(scores[1_000].Score >= SeriesScore.Alarm);
        Assert.All(scores, score => Assert.InRange(score.Score, 0, 1));
    }

    [Fact]
    public void OneRow_ScoresZero() => Assert.Equal([default], Rows.Score([3]));

    [Fact]
    public void HugeAndTinyValues_StayFinite()
    {
        double[] values = [.. Rows.Noise(300, 10), double.MaxValue, 1, double.MinValue, double.Epsilon, .. Rows.Noise(300, 11)];

        Assert.All(Rows.Score(values), score => Assert.InRange(score.Score, 0, 1));
    }
}
