namespace Observability.Server;

/// <summary>A node that a runbook would have taken out of service.</summary>
/// <param name="Node">Its name.</param>
/// <param name="At">When the runbook was chosen.</param>
/// <param name="Confidence">Of the surest hardware verdict of the incident, 0 to 1: it decides whether a person is asked.</param>
internal sealed record WouldCordon(string Node, DateTimeOffset At, double Confidence);
