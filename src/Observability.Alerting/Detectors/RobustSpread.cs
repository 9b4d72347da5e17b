namespace Observability.Alerting;

/// <summary>Median and median absolute deviation: a measure of the middle and of the spread that outliers cannot move.</summary>
internal readonly record struct RobustSpread(double Median, double Deviation)
{
    /// <summary>Of at least one finite value.</summary>
    public static RobustSpread Of(IEnumerable<double> values)
    {
        var sorted = values.Where(double.IsFinite).Order().ToArray();
        var median = MedianOf(sorted);
        var distances = sorted.Select(value => Math.Abs(value - median)).Order().ToArray();
        return new RobustSpread(median, MedianOf(distances));
    }

    private static double MedianOf(double[] sorted)
    {
        if (sorted.Length == 0)
            return double.NaN;
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
