namespace Observability.Model;

/// <summary>A message entered the outbox.</summary>
public sealed record NotificationQueued(Notification Notification) : JournalEntry;
