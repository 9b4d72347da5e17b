using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>A candidate with what speaks for it.</summary>
public sealed record RankedCause
{
    /// <summary>The candidate.</summary>
    public required EntityId Entity { get; init; }

    /// <summary>The fault it would be.</summary>
    public required string FaultClass { get; init; }

    /// <summary>The ranker's score; only its order means something.</summary>
    public required double Score { get; init; }

    /// <summary>Calibrated probability in [0, 1] that this is the cause; the candidates of one incident sum to at most 1. 0 where there is none.</summary>
    public required double Probability { get; init; }

    /// <summary>What the ranker saw, by feature name.</summary>
    public ImmutableSortedDictionary<string, double> Features { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>Lines a reader can check.</summary>
    public ImmutableArray<Evidence> Evidence { get; init; } = [];
}
