using System.Collections.Immutable;

namespace Observability.Collectors;

/// <summary>The operations of all workers of a job over some steps.</summary>
/// <param name="Operations">The operations in any order.</param>
public sealed record TrainingTrace(ImmutableArray<TraceOperation> Operations)
{
    /// <summary>What could not be read, with the reason; at most a few lines.</summary>
    public ImmutableArray<string> Refused { get; init; } = [];
}
