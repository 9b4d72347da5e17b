namespace Observability.Model;

/// <summary>An incident's step, alert joins included.</summary>
public sealed record IncidentChanged(IncidentChange Change) : JournalEntry;
