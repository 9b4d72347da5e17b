using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>The platform's answer for an incident at a time.</summary>
public sealed record Verdict
{
    /// <summary>The incident it answers.</summary>
    public required string IncidentId { get; init; }

    /// <summary>1 for the first answer, higher for each revision.</summary>
    public required int Revision { get; init; }

    /// <summary>Which of the three answers.</summary>
    public required VerdictKind Kind { get; init; }

    /// <summary>One of <see cref="Model.FaultClass"/>.</summary>
    public required string FaultClass { get; init; }

    /// <summary>The culprit; null where it is unknown.</summary>
    public EntityId? Entity { get; init; }

    /// <summary>Calibrated probability in [0, 1]; 0 where there is none, as for services, whose ranker is not calibrated.</summary>
    public required double Confidence { get; init; }

    /// <summary>When it was reached.</summary>
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Summary { get; init; }

    /// <summary>All candidates, the most probable first.</summary>
    public ImmutableArray<RankedCause> Causes { get; init; } = [];

    /// <summary>What speaks for the answer.</summary>
    public ImmutableArray<Evidence> Evidence { get; init; } = [];
}
