namespace Observability.Alerting.Tests;

public sealed class RepeatedAlarmsTests
{
    private readonly RepeatedAlarms _alarms = new(new SeriesAnomalyOptions { AlarmSurprise = 1.5, NotableSurprise = 2, QuietRows = 3, EscalationSurprise = 1 });

    [Fact]
    public void AfterAnAlarm_TheSeriesIsQuiet_UnlessItGetsTenTimesAsRare()
    {
        Assert.Equal([3, 0.75, 0.5, 4.5, 0.75, 0.75, 0.75, 1.2 - Math.Log10(2)], Weigh(3, 4, 1, 4.5, 5.4, 3, 2, 1.2));
    }

    [Fact]
    public void AnAlarmThatCameBefore_IsDividedByHowOften()
    {
        Assert.Equal([2.5, 0, 0, 0, 2.5 - Math.Log10(2), 0, 0, 0, 2.5 - Math.Log10(3), 0, 0, 0, 2.6], Weigh(2.5, 0, 0, 0, 2.5, 0, 0, 0, 2.5, 0, 0, 0, 2.6));
    }

    [Fact]
    public void APeakOfTheQuietTime_CountsForLaterAlarms()
    {
        // The episode rose to 3.4 while it was quiet: a later 3 is no more a first.
        Assert.Equal(3 - Math.Log10(2), Weigh(2.5, 3.4, 0, 0, 3)[^1], 12);
    }

    [Fact]
    public void ANotableRowThatIsNoAlarm_MakesQuietToo()
    {
        var answers = Weigh([.. Enumerable.Repeat(new double[] { 2, 0, 0, 0 }, 12).SelectMany(rows => rows), 2, 1.4]);

        Assert.Equal(2 - Math.Log10(13), answers[^2], 12);
        Assert.Equal(0.7, answers[^1], 12);
    }

    private double[] Weigh(params double[] surprises) => [.. surprises.Select(_alarms.Weigh)];
}
