namespace Observability.Alerting;

/// <summary>Times at multiples of an interval since 1970; each is used once.</summary>
internal sealed class Grid(TimeSpan interval)
{
    private DateTimeOffset? _last;

    /// <summary>The grid time that is due, or null where it was used already.</summary>
    public DateTimeOffset? Due(DateTimeOffset now)
    {
        var ticks = now.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        var slot = DateTimeOffset.UnixEpoch.AddTicks(ticks - (ticks % interval.Ticks));
        if (_last is { } last && slot <= last)
            return null;
        _last = slot;
        return slot;
    }
}
