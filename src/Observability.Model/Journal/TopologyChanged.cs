namespace Observability.Model;

/// <summary>Input: the fleet's shape changed.</summary>
public sealed record TopologyChanged(TopologyChange Change) : JournalEntry;
