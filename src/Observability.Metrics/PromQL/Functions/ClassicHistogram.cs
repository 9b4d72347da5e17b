namespace Observability.Metrics;

/// <summary>Quantiles and fractions of a histogram with cumulative buckets.</summary>
internal static class ClassicHistogram
{
    private const double SmallDeltaTolerance = 1e-12;

    /// <summary>The quantile; <paramref name="forced"/> where counts had to be raised to be monotonic.</summary>
    public static double Quantile(double quantile, List<Bucket> buckets, out bool forced)
    {
        forced = false;
        if (double.IsNaN(quantile))
            return double.NaN;
        if (quantile < 0)
            return double.NegativeInfinity;
        if (quantile > 1)
            return double.PositiveInfinity;
        if (!double.IsPositiveInfinity(buckets[^1].UpperBound))
            return double.NaN;
        buckets = Coalesce(buckets);
        forced = MakeMonotonic(buckets);
        var observations = buckets[^1].Count;
        if (buckets.Count < 2 || observations == 0 || double.IsNaN(observations))
            return double.NaN;
        var rank = quantile * observations;
        var found = buckets.FindIndex(bucket => bucket.Count >= rank);
        if (found < 0 || found == buckets.Count - 1)
            return buckets[^2].UpperBound;
        if (found == 0)
            return buckets[0].UpperBound <= 0 ? buckets[0].UpperBound : buckets[0].UpperBound * (rank / buckets[0].Count);
        var below = buckets[found - 1];
        return below.UpperBound + ((buckets[found].UpperBound - below.UpperBound) * ((rank - below.Count) / (buckets[found].Count - below.Count)));
    }

    /// <summary>The share of observations between two bounds.</summary>
    public static double Fraction(double lower, double upper, List<Bucket> buckets)
    {
        if (!double.IsPositiveInfinity(buckets[^1].UpperBound))
            return double.NaN;
        buckets = Coalesce(buckets);
        MakeMonotonic(buckets);
        var count = buckets[^1].Count;
        if (count == 0 || double.IsNaN(count) || double.IsNaN(lower) || double.IsNaN(upper))
            return double.NaN;
        return lower >= upper ? 0 : (RankOf(upper, buckets) - RankOf(lower, buckets)) / count;
    }

    private static double RankOf(double value, List<Bucket> buckets)
    {
        if (double.IsInfinity(value))
            return value > 0 ? buckets[^1].Count : 0;
        var found = buckets.FindIndex(bucket => value <= bucket.UpperBound);
        var below = found == 0 ? 0 : buckets[found - 1].Count;
        // No interpolation in a bucket without an end on both sides.
        if (double.IsPositiveInfinity(buckets[found].UpperBound))
            return below;
        if (found == 0 && buckets[0].UpperBound <= 0)
            return buckets[0].Count;
        var from = found == 0 ? 0 : buckets[found - 1].UpperBound;
        if (value <= from)
            return below;
        return below + ((buckets[found].Count - below) * (value - from) / (buckets[found].UpperBound - from));
    }

    private static List<Bucket> Coalesce(List<Bucket> buckets)
    {
        var merged = new List<Bucket>(buckets.Count);
        foreach (var bucket in buckets)
        {
            if (merged.Count > 0 && merged[^1].UpperBound == bucket.UpperBound)
                merged[^1] = bucket with { Count = merged[^1].Count + bucket.Count };
            else
                merged.Add(bucket);
        }

        return merged;
    }

    private static bool MakeMonotonic(List<Bucket> buckets)
    {
        var forced = false;
        var previous = buckets[0].Count;
        for (var i = 1; i < buckets.Count; i++)
        {
            var count = buckets[i].Count;
            if (count == previous)
                continue;
            if (Math.Abs(count - previous) / (Math.Abs(count) + Math.Abs(previous)) < SmallDeltaTolerance)
            {
                buckets[i] = buckets[i] with { Count = previous };
                continue;
            }

            if (count < previous)
            {
                buckets[i] = buckets[i] with { Count = previous };
                forced = true;
                continue;
            }

            previous = count;
        }

        return forced;
    }

    public readonly record struct Bucket(double UpperBound, double Count);
}
