namespace Observability.Model;

/// <summary>Says yes to a waiting run.</summary>
public sealed record ApproveExecution(string ExecutionId) : Command;
