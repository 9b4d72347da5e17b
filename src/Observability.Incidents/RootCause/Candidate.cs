using Observability.Model;

namespace Observability.Incidents;

/// <summary>An entity that may be the cause, with the fault it would be.</summary>
internal sealed record Candidate(EntityId Entity, string FaultClass, CauseFeatures Features, IReadOnlyList<Alert> Supporting);
