namespace Observability.Model;

/// <summary>Input: a person or a system asked for something.</summary>
public sealed record CommandAccepted(Command Command) : JournalEntry;
