using Observability.Model;

namespace Observability.Metrics;

/// <summary>The labels by which the series of two vectors find each other.</summary>
internal sealed class MatchSignature
{
    private readonly VectorMatching _matching;
    private readonly HashSet<string> _names;

    public MatchSignature(VectorMatching matching)
    {
        _matching = matching;
        _names = new HashSet<string>(matching.Labels, StringComparer.Ordinal);
        if (!matching.On)
            _names.Add(LabelSet.MetricNameLabel);
    }

    public LabelSet Of(LabelSet labels) =>
        _matching.On ? LabelOrder.Keep(labels, _names) : LabelOrder.Drop(labels, _names);
}
