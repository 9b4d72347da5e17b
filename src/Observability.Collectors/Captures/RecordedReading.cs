namespace Observability.Collectors;

/// <summary>A recording: its items in the order of time, and what became of each file.</summary>
public sealed record RecordedReading(IReadOnlyList<RecordedItem> Items, IReadOnlyList<RecordedFile> Files)
{
    /// <summary>Kernel events whose time was set right, because the node's clock is known to have been off.</summary>
    public int Corrected { get; init; }
}
