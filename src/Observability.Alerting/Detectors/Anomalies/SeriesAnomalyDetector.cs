namespace Observability.Alerting;

/// <summary>
/// Scores a single series as it streams by: row by row, without knowing what comes, how long the series will be or what it means. Four
/// views (<see cref="SeriesViews"/>) each turn the row into a distance, each distance into a tail probability among the earlier ones of
/// the same view and series, and their geometric mean into a score that is comparable between series. State is bounded
/// (64 bytes per remembered row and about 130 kB), time per row is bounded by the remembered rows. Not thread-safe.
/// </summary>
public sealed class SeriesAnomalyDetector
{
    private readonly SeriesAnomalyOptions _options;
    private readonly RecentValues _recent;
    private readonly StateMemory _memory;
    private readonly DayProfile _days = new();
    private readonly TailEstimate _states;
    private readonly TailEstimate _levels;
    private readonly TailEstimate _seasons;
    private readonly TailEstimate _jumps;
    private readonly RepeatedAlarms _alarms;
    private long _rows;

    /// <summary>A detector of one series, which it has not seen yet.</summary>
    public SeriesAnomalyDetector(SeriesAnomalyOptions options)
    {
        _options = options;
        _recent = new RecentValues(options.LevelRows);
        _memory = new StateMemory(options.MemoryRows, options.GapRows, options.Neighbours);
        _states = new TailEstimate(options.TailRatio);
        _levels = new TailEstimate(options.TailRatio);
        _seasons = new TailEstimate(options.TailRatio);
        _jumps = new TailEstimate(options.TailRatio);
        _alarms = new RepeatedAlarms(options);
    }

    /// <summary>Scores the next row and learns from it.</summary>
    /// <param name="at">Its time; null where it has none that can be read, which only the view on the time of day misses.</param>
    /// <param name="value">Its value; a row that is not finite scores zero and teaches nothing.</param>
    public SeriesScore Observe(DateTimeOffset? at, double value)
    {
        if (!double.IsFinite(value))
            return default;
        _recent.Add(value);
        Span<double> state = stackalloc double[RecentValues.Scales];
        _recent.Means(state);
        var season = at is { } time ? _days.DistanceThenAdd(time, value) : double.NaN;
        var views = new SeriesViews(
            Rate(_states, _memory.DistanceThenAdd(state)),
            Rate(_levels, _recent.LevelChange()),
            Rate(_seasons, season),
            Rate(_jumps, _recent.Jump()));
        if (++_rows <= _options.WarmupRows)
            return new SeriesScore(0, views);
        var surprise = _alarms.Weigh(views.Surprise);
        return new SeriesScore(surprise / (surprise + _options.AlarmSurprise), views);
    }

    private static double Rate(TailEstimate tail, double distance)
    {
        if (!double.IsFinite(distance))
            return 0;
        var surprise = tail.SurpriseOf(distance);
        tail.Add(distance);
        return surprise;
    }
}
