namespace Observability.Incidents;

/// <summary>What alerts looked like to a model when it was trained: one distribution per feature, and that of its score.</summary>
/// <param name="Alerts">How many alerts that is.</param>
/// <param name="Score">Of the probability that the model gives.</param>
/// <param name="Features">By the names of <see cref="ActionabilityFeatures.Names"/>.</param>
public sealed record ModelReference(int Alerts, Distribution Score, IReadOnlyDictionary<string, Distribution> Features)
{
    internal static ModelReference Of(IReadOnlyList<float[]> alerts, IReadOnlyList<double> scores) => new(
        alerts.Count,
        Distribution.Of(scores),
        ActionabilityFeatures.Names.Select((name, i) => (name, i)).ToDictionary(one => one.name, one => Distribution.Of(Column(alerts, one.i)), StringComparer.Ordinal));

    internal static double[] Column(IReadOnlyList<float[]> alerts, int feature) => [.. alerts.Select(values => (double)values[feature])];
}
