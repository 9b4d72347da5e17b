namespace Observability.Model;

/// <summary>Says no to a waiting run.</summary>
public sealed record RejectExecution(string ExecutionId) : Command;
