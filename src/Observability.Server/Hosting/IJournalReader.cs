using Observability.Model;

namespace Observability.Server;

/// <summary>Learns of every record in order: the snapshot, the effect worker, the outbox, a projection.</summary>
public interface IJournalReader
{
    /// <summary>Takes a record that is durable. In a replay nothing may leave the process.</summary>
    void Read(JournalRecord record, bool isReplay);
}
