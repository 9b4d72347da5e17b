namespace Observability.Server;

/// <summary>
/// The clock that fleet and platform share in the demo: it moves only when the work due at its time is done, so a result
/// does not depend on the machine's speed.
/// </summary>
public sealed class SteppedTimeProvider(DateTimeOffset start) : TimeProvider
{
    private long _ticks = start.UtcTicks;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Moves the clock forward.</summary>
    public void MoveTo(DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(now.UtcTicks, Interlocked.Read(ref _ticks), nameof(now));
        Interlocked.Exchange(ref _ticks, now.UtcTicks);
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    // Timers are safety nets here (an HTTP time-out): the clock stands still while a request runs, so they must run on
    // wall time, or a target that hangs would hold the demo for ever.
    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime, period);
}
