namespace Observability.Model;

/// <summary>Input: an alert began or ended.</summary>
public sealed record AlertChanged(AlertTransition Transition) : JournalEntry;
