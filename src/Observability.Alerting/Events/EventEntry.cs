using Observability.Model;

namespace Observability.Alerting;

/// <summary>What is remembered of one code on one entity.</summary>
internal sealed class EventEntry(EventKey key, FaultCatalogueRow row, LabelSet labels)
{
    // Starts of bursts inside the row's window, oldest first; never more than the row's count.
    private readonly Queue<DateTimeOffset> _bursts = new();
    private bool _isBurstOver = true;

    public EventKey Key { get; } = key;

    public FaultCatalogueRow Row { get; } = row;

    /// <summary>Labels of its alert.</summary>
    public LabelSet Labels { get; } = labels;

    public long Events { get; private set; }

    public DateTimeOffset FirstAt { get; private set; }

    public DateTimeOffset LastAt { get; private set; }

    public TelemetryEvent? Last { get; private set; }

    public string RecoveryAction { get; set; } = "";

    public string PreviousXid { get; set; } = "";

    public SortedSet<string> Ranks { get; } = new(StringComparer.Ordinal);

    public bool IsReached => _bursts.Count >= Row.Count;

    public void Add(TelemetryEvent item, DateTimeOffset at, TimeSpan burstGap)
    {
        if (Events == 0)
            FirstAt = at;
        if (_isBurstOver || at - LastAt >= burstGap)
        {
            _isBurstOver = false;
            _bursts.Enqueue(at);
            if (_bursts.Count > Row.Count)
                _bursts.Dequeue();
        }

        Events++;
        LastAt = at > LastAt ? at : LastAt;
        Last = item;
        while (_bursts.Count > 1 && at - _bursts.Peek() > Row.Window)
            _bursts.Dequeue();
    }

    /// <summary>The next event begins a new burst, however soon it comes: a link was up again, a node has booted.</summary>
    public void EndBurst() => _isBurstOver = true;

    public bool IsForgotten(DateTimeOffset now) => _bursts.Count == 0 || now - LastAt > Row.Window;
}

/// <summary>Identity of an entry: who, which code, and which of the code's rows (by its count).</summary>
internal readonly record struct EventKey(LabelSet Who, string Code, int Count);
