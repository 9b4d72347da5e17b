using Observability.Model;

namespace Observability.Incidents;

/// <summary>An alert message of a storm.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Fault">The number of the fault it comes from; -1 for noise.</param>
/// <param name="At">When it arrives.</param>
public sealed record StormAlert(Alert Alert, int Fault, DateTimeOffset At)
{
    /// <summary>When its condition ends.</summary>
    public DateTimeOffset EndsAt { get; init; }

    /// <summary>Whether the same alert has been sent before.</summary>
    public bool IsRepeat { get; init; }
}
