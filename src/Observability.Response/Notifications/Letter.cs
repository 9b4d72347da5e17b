using Observability.Model;

namespace Observability.Response;

/// <summary>A notification on its way to one channel.</summary>
internal sealed class Letter(Notification notification)
{
    public Notification Notification { get; } = notification;

    public string IncidentId => Notification.Incident.Id;

    public int Attempts { get; set; }

    public DateTimeOffset DueAt { get; set; } = DateTimeOffset.MinValue;

    /// <summary>Tried, and the journal's word on it is awaited.</summary>
    public bool IsInFlight { get; set; }

    /// <summary>Its incident was muted before the digest left.</summary>
    public bool IsMuted { get; set; }

    public TimeSpan? RetryAfter { get; set; }

    /// <summary>What is told without any obligation to take it back: only these fold into a digest.</summary>
    public bool MayFold => Notification.Kind is NotificationKind.Firing or NotificationKind.Updated or NotificationKind.Resolved;
}
