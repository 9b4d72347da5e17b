namespace Observability.Model;

/// <summary>Adds a note.</summary>
public sealed record AnnotateIncident(string IncidentId, string Text) : Command;
