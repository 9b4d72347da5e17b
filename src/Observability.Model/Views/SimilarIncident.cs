using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>An earlier incident that looks like another.</summary>
/// <param name="Incident">The earlier one.</param>
/// <param name="Similarity">Cosine of the two in feature space, 0 to 1.</param>
/// <param name="IsSameDevice">Whether both name the same culprit.</param>
/// <param name="Runs">The runbook executions that succeeded on it: what fixed it, as far as the platform did.</param>
public sealed record SimilarIncident(Incident Incident, double Similarity, bool IsSameDevice, ImmutableArray<RunbookExecution> Runs);
