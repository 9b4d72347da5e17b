using System.Collections.Immutable;

namespace Observability.Collectors;

/// <summary>One recorded operation of one rank.</summary>
public sealed record FlightRecorderEntry
{
    /// <summary>Position in the rank's own order of enqueuing.</summary>
    public long RecordId { get; init; }

    /// <summary>The group's id on this rank only.</summary>
    public string LocalGroupId { get; init; } = "";

    /// <summary>The group's name, the same on every rank.</summary>
    public string Group { get; init; } = "";

    /// <summary>What the program calls the group.</summary>
    public string GroupDescription { get; init; } = "";

    /// <summary>Which collective of the group it is, the same on every rank; of a point-to-point operation, the last one before it.</summary>
    public long CollectiveSequence { get; init; }

    /// <summary>Which point-to-point operation of the group it is on this rank; 0 for a collective.</summary>
    public long PointToPointSequence { get; init; }

    /// <summary>What is done: <c>nccl:all_reduce</c>, <c>nccl:send 0->3</c>.</summary>
    public string Operation { get; init; } = "";

    /// <summary>Elements of all inputs together.</summary>
    public long InputElements { get; init; }

    /// <summary>Elements of all outputs together.</summary>
    public long OutputElements { get; init; }

    /// <summary>Element types of inputs and outputs: <c>BFloat16</c>.</summary>
    public ImmutableArray<string> Types { get; init; } = [];

    /// <summary><c>scheduled</c>, <c>started</c> or <c>completed</c>.</summary>
    public string State { get; init; } = "";

    /// <summary>When it was enqueued, in nanoseconds since 1970 on the rank's clock; 0 where unknown.</summary>
    public long CreatedNanoseconds { get; init; }

    /// <summary>When the watchdog saw it completed; 0 where it did not.</summary>
    public long CompletedNanoseconds { get; init; }

    /// <summary>Whether it is a send or a receive.</summary>
    public bool IsPointToPoint { get; init; }

    /// <summary>Whether the watchdog has let go of it, which it does once it ended.</summary>
    public bool Retired { get; init; }

    /// <summary>True where it ended on this rank.</summary>
    public bool IsCompleted => Retired || CompletedNanoseconds > 0 || State == "completed";
}
