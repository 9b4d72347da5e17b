namespace Observability.Model;

/// <summary>The fence of an effect: written before it, never written twice for one operation.</summary>
public sealed record StepIntended(StepIntent Intent) : JournalEntry;
