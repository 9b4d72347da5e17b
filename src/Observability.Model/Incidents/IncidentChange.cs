namespace Observability.Model;

/// <summary>A step in an incident's life: the incident after it, what it was, and why.</summary>
/// <param name="Incident">The incident after the change.</param>
/// <param name="Kind">What changed.</param>
/// <param name="At">When.</param>
/// <param name="Reason">One sentence: why the alert joined, why two merged.</param>
/// <param name="Alert">The alert behind it, if there is one.</param>
public sealed record IncidentChange(
    Incident Incident, IncidentChangeKind Kind, DateTimeOffset At, string Reason, ScreenedAlert? Alert = null);
