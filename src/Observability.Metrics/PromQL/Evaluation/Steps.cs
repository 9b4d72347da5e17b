namespace Observability.Metrics;

/// <summary>The times a query is evaluated at, Unix milliseconds.</summary>
internal sealed record Steps(long Start, long End, long Interval)
{
    public int Count { get; } = (int)((End - Start) / Interval) + 1;

    public long At(int index) => Start + (index * Interval);
}
