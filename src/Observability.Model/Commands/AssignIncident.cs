namespace Observability.Model;

/// <summary>Gives an incident to someone.</summary>
public sealed record AssignIncident(string IncidentId, string Assignee) : Command;
