namespace Observability.Model;

/// <summary>The outbox tried to deliver.</summary>
public sealed record NotificationAttempted(NotificationDelivery Delivery) : JournalEntry;
