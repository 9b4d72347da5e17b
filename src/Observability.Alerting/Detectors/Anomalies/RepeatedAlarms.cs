namespace Observability.Alerting;

/// <summary>
/// Keeps alarms rare. One anomaly is one alarm: after it the series stays quiet for a while unless things get much worse. And an alarm that came
/// before is worth less: the probability is multiplied by how many alarms at least as surprising this series had already, so the
/// spike that comes every night is news for some nights only.
/// </summary>
internal sealed class RepeatedAlarms(SeriesAnomalyOptions options)
{
    private const double Step = 0.05;

    // How many earlier alarms had their peak in each step; the last holds all above.
    private readonly int[] _peaks = new int[401];
    private int _quiet;
    private double _alarm;
    private int _peak = -1;

    /// <summary>What is left of a row's surprise; below half an alarm while the series is quiet.</summary>
    public double Weigh(double surprise)
    {
        var isQuiet = _quiet > 0;
        _quiet = Math.Max(0, _quiet - 1);
        if (isQuiet)
            RaisePeak(surprise);
        else
            ClosePeak();
        if (isQuiet && surprise <= _alarm + options.EscalationSurprise)
            return Math.Min(surprise, options.AlarmSurprise) / 2;

        var left = Math.Max(0, surprise - Math.Log10(1 + CountAtLeast(surprise)));
        if (surprise >= options.NotableSurprise || left >= options.AlarmSurprise)
        {
            (_quiet, _alarm) = (options.QuietRows, surprise);
            RaisePeak(surprise);
        }

        return left;
    }

    private void RaisePeak(double surprise) => _peak = Math.Max(_peak, StepOf(surprise));

    private void ClosePeak()
    {
        if (_peak >= 0)
            _peaks[_peak]++;
        _peak = -1;
    }

    private int CountAtLeast(double surprise)
    {
        var count = 0;
        for (var at = StepOf(surprise); at < _peaks.Length; at++)
            count += _peaks[at];
        return count;
    }

    private int StepOf(double surprise) => Math.Clamp((int)(surprise / Step), 0, _peaks.Length - 1);
}
