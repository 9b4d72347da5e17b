namespace Observability.Model;

/// <summary>Input: the on-call was asked. The choice rests on a model that may be gone later, so it is kept, not derived again.</summary>
public sealed record QuestionAsked(Question Question) : JournalEntry;
