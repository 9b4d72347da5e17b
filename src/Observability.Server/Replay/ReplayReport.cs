using Observability.Collectors;

namespace Observability.Server;

/// <summary>What a recording held and what the pipeline made of it.</summary>
public sealed record ReplayReport
{
    /// <summary>The recording's files, read, refused and skipped.</summary>
    public required IReadOnlyList<RecordedFile> Files { get; init; }

    /// <summary>Kernel events whose time was set right by what the node's clock showed.</summary>
    public int Corrected { get; init; }

    /// <summary>Stretches of time without a long silence, in order.</summary>
    public required IReadOnlyList<ReplayStretch> Stretches { get; init; }
}
