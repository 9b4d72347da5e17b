using System.Collections.Immutable;

namespace Observability.Collectors;

/// <summary>Which ranks of a job hold up the others, and how that is known.</summary>
/// <param name="Ranks">The culprits in ascending order; empty for a healthy run and where none can be named.</param>
/// <param name="Kind">What the strongest finding is.</param>
/// <param name="ProcessGroup">Name and description of the group it was seen in, <c>41 TENSOR_MODEL_PARALLEL_GROUP</c>; empty where there is none.</param>
/// <param name="Sequence">The operation's number in that group; 0 where there is none.</param>
/// <param name="Evidence">One sentence per finding, the strongest first.</param>
public sealed record FlightRecorderVerdict(
    ImmutableArray<int> Ranks, FlightRecorderKind Kind, string ProcessGroup, long Sequence, ImmutableArray<string> Evidence)
{
    /// <summary>Every finding, the strongest first; a rank may be in several.</summary>
    public ImmutableArray<FlightRecorderFinding> Findings { get; init; } = [];
}
