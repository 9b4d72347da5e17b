namespace Observability.Simulator;

/// <summary>
/// A node's clock: a little off as every synchronised clock is (facts on published failures, section 9: N(0, 50 ms), A), and further while a fault
/// sets it off, constantly and by a drift.
/// </summary>
/// <param name="usual">How far ahead of the true time it is when all is well.</param>
internal sealed class NodeClock(TimeSpan usual)
{
    private DateTimeOffset _since;
    private TimeSpan _offset;
    private double _drift;

    /// <summary>What it shows at a true time.</summary>
    public DateTimeOffset Show(DateTimeOffset now) => now + OffsetAt(now);

    /// <summary>How far ahead it is; negative: behind.</summary>
    public TimeSpan OffsetAt(DateTimeOffset now) => usual + _offset + ((now > _since ? now - _since : TimeSpan.Zero) * _drift);

    /// <summary>It is set off and drifts from now on, seconds per second.</summary>
    public void SetOff(DateTimeOffset now, TimeSpan offset, double drift) => (_since, _offset, _drift) = (now, offset, drift);

    /// <summary>It is synchronised again.</summary>
    public void Synchronise() => (_offset, _drift) = (TimeSpan.Zero, 0);
}
