namespace Observability.Alerting;

/// <summary>The latest points of one series, a bounded number of them.</summary>
internal sealed class WatchedSeries
{
    private readonly Queue<(double Seconds, double Value)> _points = new();

    public int Count => _points.Count;

    /// <summary>Looks in a row that foretold the limit; negative: that did not.</summary>
    public int Streak { get; set; }

    /// <summary>From the first point to the last.</summary>
    public TimeSpan Length => _points.Count == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Last.Seconds - _points.Peek().Seconds);

    public (double Seconds, double Value) Last { get; private set; }

    public void See(DateTimeOffset at, double value, int most)
    {
        Last = (at.ToUnixTimeMilliseconds() / 1000.0, value);
        _points.Enqueue(Last);
        if (_points.Count > most)
            _points.Dequeue();
    }

    /// <summary>
    /// False where the last third is not nearer to the limit than the first: no line through it arrives. Spares most series the slopes of all pairs.
    /// </summary>
    public bool Moves(bool isAbove)
    {
        var third = _points.Count / 3;
        var first = RobustSpread.Of(_points.Take(third).Select(point => point.Value)).Median;
        var last = RobustSpread.Of(_points.TakeLast(third).Select(point => point.Value)).Median;
        return isAbove ? last > first : last < first;
    }

    public Trend Fit() => Trend.Of([.. _points]);
}
