namespace Observability.Model;

/// <summary>A hold after a change.</summary>
public sealed record HoldChanged(Hold Hold) : JournalEntry;
