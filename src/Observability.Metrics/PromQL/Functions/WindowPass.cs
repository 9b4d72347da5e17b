namespace Observability.Metrics;

/// <summary>The samples of one series and which of them each step's window holds: from <c>First[i]</c> up to, not including, <c>Next[i]</c>.</summary>
internal readonly ref struct WindowPass(ReadOnlySpan<long> times, ReadOnlySpan<double> values, ReadOnlySpan<int> first, ReadOnlySpan<int> next)
{
    public readonly ReadOnlySpan<long> Times = times;

    public readonly ReadOnlySpan<double> Values = values;

    public readonly ReadOnlySpan<int> First = first;

    public readonly ReadOnlySpan<int> Next = next;

    /// <summary>Right edges of the windows.</summary>
    public TimeFrame Frame { get; init; }

    /// <summary>Length of a window in milliseconds.</summary>
    public long Length { get; init; }

    /// <summary>True draws counters out as Prometheus 2.x did.</summary>
    public bool CutsFirst { get; init; }

    /// <summary>The scalar argument per step; empty where the function has none.</summary>
    public ReadOnlySpan<double> Parameters { get; init; }

    /// <summary>How many samples all windows hold together: what reading every window anew would cost.</summary>
    public static long Locate(ReadOnlySpan<long> times, in TimeFrame frame, long length, long leftEdge, Span<int> first, Span<int> next)
    {
        int from = 0, to = 0;
        long total = 0;
        for (var i = 0; i < first.Length; i++)
        {
            var end = frame.At(i);
            var before = end - length - leftEdge;
            while (to < times.Length && times[to] <= end)
                to++;
            while (from < to && times[from] <= before)
                from++;
            first[i] = from;
            next[i] = to;
            total += to - from;
        }

        return total;
    }
}
