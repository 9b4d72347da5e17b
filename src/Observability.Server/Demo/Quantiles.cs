namespace Observability.Server;

/// <summary>Two quantiles of a set of seconds; null where the set is empty.</summary>
public sealed record Quantiles(double? P50, double? P99)
{
    /// <summary>Nearest-rank quantiles.</summary>
    public static Quantiles Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? new Quantiles(null, null) : new Quantiles(Rank(sorted, 0.5), Rank(sorted, 0.99));
    }

    private static double Rank(double[] sorted, double quantile) => sorted[(int)Math.Ceiling(quantile * sorted.Length) - 1];
}
