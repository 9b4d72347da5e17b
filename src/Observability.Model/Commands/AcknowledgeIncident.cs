namespace Observability.Model;

/// <summary>"I look after it."</summary>
public sealed record AcknowledgeIncident(string IncidentId) : Command;
