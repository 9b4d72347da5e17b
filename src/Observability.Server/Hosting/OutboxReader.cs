using Observability.Model;
using Observability.Response;

namespace Observability.Server;

/// <summary>Keeps the outbox in step with the journal: what was queued, what became of each attempt, and what is silenced by now.</summary>
internal sealed class OutboxReader(Outbox outbox) : IJournalReader
{
    public void Read(JournalRecord record, bool isReplay)
    {
        if (record.Entry is NotificationQueued queued)
            outbox.Queue(queued.Notification);
        else if (record.Entry is NotificationAttempted attempted)
            outbox.Note(attempted.Delivery);
        else if (record.Entry is IncidentChanged { Change: { Kind: IncidentChangeKind.Muted, Incident: { Mute.IsInDigest: false } muted } })
            outbox.Mute(muted.Id);
    }
}
