namespace Observability.Collectors;

/// <summary>Decides what a stated time is worth: ahead of our clock it becomes now, long past it is stale.</summary>
internal static class EventClock
{
    /// <summary>The time an event counts from; null where it is too old to be news.</summary>
    public static DateTimeOffset? Settle(DateTimeOffset? stated, DateTimeOffset now, TailOptions options, string source)
    {
        if (stated is not { } at)
            return now;
        if (at > now + options.MaxAhead)
        {
            CollectorsMetrics.Clamped(source);
            return now;
        }

        return now - at > options.StaleAfter ? null : at;
    }
}
