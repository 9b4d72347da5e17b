namespace Observability.Model;

/// <summary>Input: a training ended.</summary>
public sealed record ModelTrained(ModelTraining Training) : JournalEntry;
