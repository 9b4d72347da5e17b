namespace Observability.Model;

/// <summary>Runs a runbook for an incident by hand; <paramref name="DryRun"/> only shows what it would do.</summary>
public sealed record RunRunbook(string IncidentId, string RunbookId, bool DryRun) : Command;
