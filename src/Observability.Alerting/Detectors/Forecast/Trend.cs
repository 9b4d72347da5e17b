namespace Observability.Alerting;

/// <summary>
/// A straight line through points that outliers cannot bend: slope by Theil and Sen (the median of the slopes of all pairs), its interval by
/// Sen's method from Kendall's variance (Sen, JASA 63 (1968), 1379), level by the median of the residuals.
/// </summary>
/// <param name="Slope">Units per second.</param>
/// <param name="Low">Lower end of the slope's interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="Level">The line's value at the latest point.</param>
internal readonly record struct Trend(double Slope, double Low, double High, double Level)
{
    // 95 % of a normal distribution lie within this many deviations.
    private const double Deviations = 1.96;

    /// <summary>Fits at least three points with distinct times.</summary>
    /// <param name="points">Seconds and values, in order of time.</param>
    public static Trend Of(IReadOnlyList<(double Seconds, double Value)> points)
    {
        var slopes = new List<double>(points.Count * (points.Count - 1) / 2);
        for (var later = 1; later < points.Count; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
                slopes.Add((points[later].Value - points[earlier].Value) / (points[later].Seconds - points[earlier].Seconds));
        }

        slopes.Sort();
        double n = points.Count;
        var reach = Deviations * Math.Sqrt(n * (n - 1) * ((2 * n) + 5) / 18);
        var slope = RobustSpread.Of(slopes).Median;
        var last = points[^1].Seconds;
        return new Trend(
            slope,
            slopes[Math.Max(0, (int)Math.Floor((slopes.Count - reach) / 2))],
            slopes[Math.Min(slopes.Count - 1, (int)Math.Ceiling((slopes.Count + reach) / 2))],
            RobustSpread.Of(points.Select(point => point.Value - (slope * (point.Seconds - last)))).Median);
    }

    /// <summary>When the line reaches a threshold, seconds after the latest point: with the slope, and with the ends of its interval. Null where it never does.</summary>
    /// <param name="threshold">The value to be reached.</param>
    /// <param name="isAbove">True where the threshold lies above, false where below; a level at or beyond it has reached it already.</param>
    public (double? Expected, double? Earliest, double? Latest) Reaches(double threshold, bool isAbove)
    {
        var (fast, slow) = isAbove ? (High, Low) : (Low, High);
        return (After(threshold, Slope, isAbove), After(threshold, fast, isAbove), After(threshold, slow, isAbove));
    }

    private double? After(double threshold, double slope, bool isAbove)
    {
        var distance = isAbove ? threshold - Level : Level - threshold;
        var speed = isAbove ? slope : -slope;
        if (distance <= 0)
            return 0;
        return speed > 0 ? distance / speed : null;
    }
}
