using Observability.Model;

namespace Observability.Alerting;

/// <summary>What a detector remembers of each series it watches, by the labels of its alert: bounded, and forgotten a while after it was seen last.</summary>
/// <param name="most">Series at most; further ones are refused and counted.</param>
/// <param name="forgetAfter">How long a series may be missing: a missing series is no recovery.</param>
/// <param name="what">What the counter of refusals calls them.</param>
/// <param name="begin">What is remembered of a new one.</param>
internal sealed class WatchList<T>(int most, TimeSpan forgetAfter, string what, Func<T> begin)
    where T : class
{
    private readonly Dictionary<LabelSet, Entry> _entries = [];

    /// <summary>What is known of a series that is seen now; null where there is no room for it.</summary>
    public T? See(LabelSet labels, DateTimeOffset at)
    {
        if (!_entries.TryGetValue(labels, out var entry))
        {
            if (_entries.Count >= most)
            {
                AlertingMetrics.CountRefused(what);
                return null;
            }

            _entries[labels] = entry = new Entry(begin());
        }

        entry.SeenAt = at;
        return entry.Value;
    }

    /// <summary>Forgets what has been missing for too long and ends its alert. The labels of all others.</summary>
    public List<LabelSet> Sweep(DateTimeOffset at, AlertLedger ledger)
    {
        var kept = new List<LabelSet>(_entries.Count);
        foreach (var (labels, entry) in _entries.ToArray())
        {
            if (at - entry.SeenAt <= forgetAfter)
            {
                kept.Add(labels);
                continue;
            }

            ledger.Resolve(labels, at);
            _entries.Remove(labels);
        }

        return kept;
    }

    private sealed class Entry(T value)
    {
        public T Value { get; } = value;

        public DateTimeOffset SeenAt { get; set; }
    }
}
