using Observability.Model;

namespace Observability.Server;

/// <summary>Keeps the newest snapshot in step with the journal.</summary>
internal sealed class SnapshotReader(SnapshotHub hub, SnapshotOptions options) : IJournalReader
{
    private readonly SnapshotFold _fold = new(options);
    private PlatformSnapshot _working = hub.Current;

    public void Read(JournalRecord record, bool isReplay) => _working = _fold.Apply(_working, record);

    /// <summary>Shows readers what has been read, with what is not journaled: budgets and configuration.</summary>
    public void Publish(DateTimeOffset now, Func<PlatformSnapshot, PlatformSnapshot> decorate)
    {
        var next = decorate(_working with { At = now });
        if (!ReferenceEquals(next, hub.Current))
            hub.Publish(next);
        _working = next;
    }
}
