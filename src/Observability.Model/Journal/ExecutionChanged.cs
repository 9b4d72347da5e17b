namespace Observability.Model;

/// <summary>A runbook execution after a change.</summary>
public sealed record ExecutionChanged(RunbookExecution Execution) : JournalEntry;
