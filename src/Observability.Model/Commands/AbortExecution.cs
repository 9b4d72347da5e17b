namespace Observability.Model;

/// <summary>Stops a run and rolls it back.</summary>
public sealed record AbortExecution(string ExecutionId) : Command;
