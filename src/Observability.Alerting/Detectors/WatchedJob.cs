namespace Observability.Alerting;

/// <summary>What the hang detector knows of one job.</summary>
internal sealed class WatchedJob(double step, DateTimeOffset now)
{
    private readonly Queue<double> _durations = new();

    public double Step { get; private set; } = step;

    public DateTimeOffset MovedAt { get; private set; } = now;

    public DateTimeOffset SeenAt { get; set; } = now;

    public IReadOnlySet<string> Gpus { get; set; } = new HashSet<string>(StringComparer.Ordinal);

    public void See(double step, double? duration, DateTimeOffset now, int history)
    {
        SeenAt = now;
        if (step.Equals(Step))
            return;
        (Step, MovedAt) = (step, now);
        if (duration is not { } seconds || !double.IsFinite(seconds) || seconds <= 0)
            return;
        _durations.Enqueue(seconds);
        if (_durations.Count > history)
            _durations.Dequeue();
    }

    /// <summary>Median of the recent step durations; zero before the first.</summary>
    public TimeSpan MedianStep() =>
        _durations.Count == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(RobustSpread.Of(_durations).Median, 86_400));
}
