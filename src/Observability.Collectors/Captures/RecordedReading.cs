namespace Observability.Collectors;

/// <summary>A recording: its items in the order of time, and what became of each file.</summary>
public sealed record RecordedReading(IReadOnlyList<RecordedItem> Items, IReadOnlyList<RecordedFile> Files);
