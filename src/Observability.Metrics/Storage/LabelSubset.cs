using Observability.Model;

namespace Observability.Metrics;

/// <summary>Label sets with some of their labels.</summary>
internal static class LabelSubset
{
    /// <summary>All but the metric name.</summary>
    public static LabelSet DropName(LabelSet labels) => labels.Without(LabelSet.MetricNameLabel);
}
