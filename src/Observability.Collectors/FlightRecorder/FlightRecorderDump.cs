using System.Collections.Immutable;

namespace Observability.Collectors;

/// <summary>What one rank's NCCL flight recorder held when it was dumped.</summary>
/// <param name="Rank">The rank in the job, from 0.</param>
public sealed record FlightRecorderDump(int Rank)
{
    /// <summary>Version of the dump's format, <c>2.9</c> for example.</summary>
    public string Version { get; init; } = "";

    /// <summary>Version of NCCL, <c>2.27.3</c> for example.</summary>
    public string NcclVersion { get; init; } = "";

    /// <summary>The process groups that the rank is a member of.</summary>
    public ImmutableArray<FlightRecorderGroup> Groups { get; init; } = [];

    /// <summary>How far the rank came in each group, by an id that only this rank knows.</summary>
    public ImmutableArray<FlightRecorderProgress> Progress { get; init; } = [];

    /// <summary>The recorded operations in the order in which they were enqueued.</summary>
    public ImmutableArray<FlightRecorderEntry> Entries { get; init; } = [];

    /// <summary>Parts that could not be read, with place and reason.</summary>
    public ImmutableArray<string> Refused { get; init; } = [];
}
