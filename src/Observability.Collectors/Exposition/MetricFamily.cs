namespace Observability.Collectors;

/// <summary>From the name of a series to that of its family, under which metadata is kept.</summary>
internal static class MetricFamily
{
    private static readonly string[] HistogramEnds = ["_bucket", "_sum", "_count"];
    private static readonly string[] SummaryEnds = ["_sum", "_count"];

    /// <summary>The family of a series of a family of some type: <c>x_bucket</c> of a histogram belongs to <c>x</c>.</summary>
    public static string Of(string series, string type)
    {
        foreach (var end in type switch { "histogram" or "gaugehistogram" => HistogramEnds, "summary" => SummaryEnds, _ => [] })
        {
            if (series.Length > end.Length && series.EndsWith(end, StringComparison.Ordinal))
                return series[..^end.Length];
        }

        return series;
    }
}
