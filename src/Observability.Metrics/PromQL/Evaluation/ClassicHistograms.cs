using System.Globalization;
using Observability.Model;

namespace Observability.Metrics;

/// <summary>Quantiles of classic histograms: series with a label <c>le</c>.</summary>
internal static class ClassicHistograms
{
    public static List<Column> Quantile(double[] quantiles, List<Column> input, int steps)
    {
        var groups = new Dictionary<LabelSet, List<(double Bound, Column Column)>>();
        foreach (var column in input)
        {
            if (!TryBound(column.Labels["le"], out var bound))
                continue;
            var labels = column.Labels.Without(LabelSet.MetricNameLabel, "le");
            if (!groups.TryGetValue(labels, out var buckets))
                groups[labels] = buckets = [];
            buckets.Add((bound, column));
        }

        return [.. groups.Select(group => new Column(group.Key, Evaluate(quantiles, group.Value, steps)))];
    }

    private static double[] Evaluate(double[] quantiles, List<(double Bound, Column Column)> buckets, int steps)
    {
        buckets.Sort((a, b) => a.Bound.CompareTo(b.Bound));
        var results = new double[steps];
        for (var i = 0; i < steps; i++)
        {
            var at = i;
            var present = buckets.Where(bucket => Column.IsPresent(bucket.Column.Values[at]))
                .Select(bucket => (bucket.Bound, Count: bucket.Column.Values[at])).ToArray();
            results[i] = present.Length == 0 ? Column.Absent : Value(quantiles[i], present);
        }

        return results;
    }

    // promql/quantile.go, bucketQuantile: counts are made monotonic, the rank is interpolated inside its bucket.
    private static double Value(double quantile, (double Bound, double Count)[] buckets)
    {
        if (double.IsNaN(quantile) || buckets.Length < 2 || !double.IsPositiveInfinity(buckets[^1].Bound))
            return double.NaN;
        if (quantile is < 0 or > 1)
            return quantile < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        for (var i = 1; i < buckets.Length; i++)
            buckets[i].Count = Math.Max(buckets[i].Count, buckets[i - 1].Count);
        if (buckets[^1].Count == 0)
            return double.NaN;
        var rank = quantile * buckets[^1].Count;
        var b = Array.FindIndex(buckets, bucket => bucket.Count >= rank);
        if (b == buckets.Length - 1)
            return buckets[^2].Bound;
        if (b == 0 && buckets[0].Bound <= 0)
            return buckets[0].Bound;
        var start = b == 0 ? 0 : buckets[b - 1].Bound;
        var below = b == 0 ? 0 : buckets[b - 1].Count;
        return start + ((buckets[b].Bound - start) * ((rank - below) / (buckets[b].Count - below)));
    }

    private static bool TryBound(string text, out double bound)
    {
        bound = double.PositiveInfinity;
        return text is "+Inf" or "Inf" || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out bound);
    }
}
