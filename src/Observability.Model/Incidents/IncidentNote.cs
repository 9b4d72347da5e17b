namespace Observability.Model;

/// <summary>A sentence a person added.</summary>
public sealed record IncidentNote(DateTimeOffset At, string Author, string Text);
