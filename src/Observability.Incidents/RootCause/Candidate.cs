using Observability.Model;

namespace Observability.Incidents;

/// <summary>An entity that may be the cause, with the fault it would be.</summary>
internal sealed record Candidate(EntityId Entity, string FaultClass, CauseFeatures Features, IReadOnlyList<Alert> Supporting)
{
    /// <summary>The change that it would be; null where it is none.</summary>
    public MadeChange? Change { get; init; }

    /// <summary>True for the GPU of a rank that is slower than its peers, where nothing on the GPU says why.</summary>
    public bool IsSlowRank => Entity.Kind == EntityKind.Gpu && FaultClass == Model.FaultClass.Straggler;
}
