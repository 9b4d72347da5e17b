using Observability.Model;

namespace Observability.Metrics;

/// <summary>Which labels count in vector matching.</summary>
internal static class MatchLabels
{
    /// <summary>The labels by which the series of two vectors find each other.</summary>
    public static LabelGrouping Signature(this VectorMatching matching) =>
        matching.On ? new LabelGrouping(matching.Labels, without: false) : Ignoring(matching, dropsName: true);

    /// <summary>The labels of a one-to-one result.</summary>
    public static LabelGrouping Result(this VectorMatching matching, bool dropsName) => matching.On
        ? new LabelGrouping(matching.Labels.Where(name => !dropsName || name != LabelSet.MetricNameLabel), without: false)
        : Ignoring(matching, dropsName);

    private static LabelGrouping Ignoring(VectorMatching matching, bool dropsName) =>
        new(dropsName ? matching.Labels.Append(LabelSet.MetricNameLabel) : matching.Labels, without: true);
}
