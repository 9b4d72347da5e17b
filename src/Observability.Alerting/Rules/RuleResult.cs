using Observability.Model;

namespace Observability.Alerting;

/// <summary>What one evaluation of a rule gave: samples to store, or why there are none.</summary>
internal sealed record RuleResult(IReadOnlyList<SeriesSample> Samples, string? Error)
{
    public static RuleResult Failed(string error) => new([], error);
}
