using Observability.Model;
using Observability.Response;

namespace Observability.Server;

/// <summary>Keeps the outbox in step with the journal: what was queued, and what became of each attempt.</summary>
internal sealed class OutboxReader(Outbox outbox) : IJournalReader
{
    public void Read(JournalRecord record, bool isReplay)
    {
        if (record.Entry is NotificationQueued queued)
            outbox.Queue(queued.Notification);
        else if (record.Entry is NotificationAttempted attempted)
            outbox.Note(attempted.Delivery);
    }
}
