using Observability.Model;

namespace Observability.Simulator;

/// <summary>What is true of a fault. Nothing of the platform may see it before the report is written.</summary>
/// <param name="Fault">What was injected.</param>
/// <param name="Entities">Entities that a right verdict may name.</param>
/// <param name="Nodes">Nodes that may be cordoned for it.</param>
/// <param name="Jobs">Jobs that suffer.</param>
public sealed record GroundTruth(
    FaultSpec Fault, IReadOnlyList<EntityId> Entities, IReadOnlyList<string> Nodes, IReadOnlyList<string> Jobs)
{
    /// <summary>What is true of every fault of its kind: right classes, right action, hardware or not.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>
    /// When the first sign of it shows in any source. What shows in a job's steps only begins to show when the job would make steps but for it;
    /// where it never does, this is the onset.
    /// </summary>
    public DateTimeOffset FirstSymptomAt { get; init; }

    /// <summary>How long a healthy step of its fastest job takes, seconds; null where no job suffers.</summary>
    public double? StepSeconds { get; init; }
}
