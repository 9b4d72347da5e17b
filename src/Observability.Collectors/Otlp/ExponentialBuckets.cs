namespace Observability.Collectors;

/// <summary>
/// Turns an exponential histogram into one with explicit bounds. Bucket i of scale s holds values up to 2^((i+1)/2^s); scales above
/// <see cref="FinestScale"/> are merged down to it, which is exact, so that a series of buckets keeps its <c>le</c> from push to push
/// (opentelemetry-specification, metrics data model, "Exponential Scale" and "Perfect subsetting").
/// </summary>
internal static class ExponentialBuckets
{
    /// <summary>Bounds grow by the square root of two: a quantile is off by 19 % at most.</summary>
    public const int FinestScale = 1;

    /// <summary>Most bounds of one point.</summary>
    public const int MostBounds = 160;

    // Beyond this scale no bucket holds a double; also keeps shifts sane.
    private const int CoarsestScale = -10;

    /// <summary>Fills <see cref="OtlpPoint.Bounds"/> and <see cref="OtlpPoint.BucketCounts"/>; a text says why it cannot.</summary>
    public static string Expand(OtlpPoint point)
    {
        if (point.Exponential is not { } data)
            return "the exponential histogram has no buckets";
        if (data.Scale is < CoarsestScale or > 20)
            return $"the scale {data.Scale} is outside {CoarsestScale} to 20";
        var scale = Math.Min(data.Scale, FinestScale);
        var (positive, negative) = (Merge(data.Positive, data.PositiveOffset, data.Scale - scale), Merge(data.Negative, data.NegativeOffset, data.Scale - scale));
        while (positive.Count + negative.Count > MostBounds - 1 && scale > CoarsestScale)
        {
            (positive, negative) = (Halve(positive), Halve(negative));
            scale--;
        }

        point.Bounds.Clear();
        point.BucketCounts.Clear();
        foreach (var (index, count) in negative.Reverse())
            Add(point, -Bound(index, scale), count);
        if (data.ZeroCount > 0 || negative.Count > 0)
            Add(point, data.ZeroThreshold, data.ZeroCount);
        foreach (var (index, count) in positive)
            Add(point, Bound(index + 1, scale), count);
        // What no bucket of ours holds: nothing, unless the sender's count says so.
        var sum = point.BucketCounts.Aggregate(0UL, static (total, count) => total + count);
        point.BucketCounts.Add(point.Count > sum ? point.Count - sum : 0);
        return "";
    }

    private static SortedDictionary<long, ulong> Merge(List<ulong> counts, int offset, int steps)
    {
        var merged = new SortedDictionary<long, ulong>();
        for (var i = 0; i < counts.Count; i++)
        {
            if (counts[i] == 0)
                continue;
            var index = ((long)offset + i) >> steps;
            merged[index] = merged.GetValueOrDefault(index) + counts[i];
        }

        return merged;
    }

    private static SortedDictionary<long, ulong> Halve(SortedDictionary<long, ulong> buckets)
    {
        var merged = new SortedDictionary<long, ulong>();
        foreach (var (index, count) in buckets)
            merged[index >> 1] = merged.GetValueOrDefault(index >> 1) + count;
        return merged;
    }

    // Exact where the exponent is whole, so that `le="8"` is 8 and not 8.000000000000002.
    private static double Bound(long index, int scale)
    {
        if (scale <= 0)
            return Math.ScaleB(1, (int)Math.Clamp(index << -scale, -1_100, 1_100));
        var whole = index >> scale;
        var rest = index - (whole << scale);
        return Math.ScaleB(Math.Pow(2, (double)rest / (1 << scale)), (int)Math.Clamp(whole, -1_100, 1_100));
    }

    private static void Add(OtlpPoint point, double bound, ulong count)
    {
        if (point.Bounds.Count > 0 && bound <= point.Bounds[^1])
        {
            point.BucketCounts[^1] += count;
            return;
        }

        point.Bounds.Add(bound);
        point.BucketCounts.Add(count);
    }
}
