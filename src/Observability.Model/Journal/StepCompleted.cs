namespace Observability.Model;

/// <summary>Input: what became of an intent.</summary>
public sealed record StepCompleted(StepOutcome Outcome) : JournalEntry;
