namespace Observability.Alerting;

/// <summary>
/// Knows the current boot of every node. Lines of an earlier boot come when a reader starts again and reads an old
/// buffer; they must never fire again (facts/telemetry.md §3.2).
/// </summary>
internal sealed class BootLedger(int maxNodes)
{
    private const int PastBootsKept = 8;
    private readonly Dictionary<string, Boot> _boots = new(StringComparer.Ordinal);

    public BootState See(string node, string bootId, DateTimeOffset at)
    {
        if (bootId.Length == 0 || node.Length == 0)
            return BootState.Current;
        if (!_boots.TryGetValue(node, out var boot))
        {
            if (_boots.Count >= maxNodes)
                AlertingMetrics.CountRefused("boots");
            else
                _boots[node] = new Boot(bootId, at);
            return BootState.Current;
        }

        if (boot.Id == bootId)
            return BootState.Current;
        if (boot.Past.Contains(bootId) || at < boot.Since)
            return BootState.Stale;
        boot.Next(bootId, at);
        return BootState.New;
    }

    private sealed class Boot(string id, DateTimeOffset since)
    {
        public string Id { get; private set; } = id;

        public DateTimeOffset Since { get; private set; } = since;

        public Queue<string> Past { get; } = new();

        public void Next(string id, DateTimeOffset at)
        {
            Past.Enqueue(Id);
            if (Past.Count > PastBootsKept)
                Past.Dequeue();
            (Id, Since) = (id, at);
        }
    }
}

/// <summary>How an event's boot relates to the node's.</summary>
internal enum BootState
{
    Current,
    Stale,
    New,
}
