namespace Observability.Incidents;

/// <summary>Counts that lose half of themselves in a time, by key, in bounded memory: constant work per event, whatever the window.</summary>
internal sealed class DecayingCounts<TKey>(TimeSpan halfLife, int capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Entry> _entries = [];

    /// <summary>Keys that are known.</summary>
    public int Count => _entries.Count;

    /// <summary>What is left of a key's count at a time.</summary>
    public double At(TKey key, DateTimeOffset now) => _entries.TryGetValue(key, out var entry) ? Left(entry, now) : 0;

    /// <summary>When the key was last counted; null where it never was.</summary>
    public DateTimeOffset? Last(TKey key) => _entries.TryGetValue(key, out var entry) ? entry.At : null;

    /// <summary>Counts one more.</summary>
    public void Add(TKey key, DateTimeOffset now, double amount = 1)
    {
        if (_entries.Count >= capacity && !_entries.ContainsKey(key))
            Forget();
        _entries[key] = new Entry(At(key, now) + amount, now);
    }

    private double Left(Entry entry, DateTimeOffset now) => now <= entry.At ? entry.Value : entry.Value * Math.Pow(0.5, (now - entry.At) / halfLife);

    // The older half goes at once, so that a fleet with more keys than fit pays for it once in a while only.
    private void Forget()
    {
        var ages = _entries.Values.Select(entry => entry.At).Order().ToArray();
        var median = ages[ages.Length / 2];
        foreach (var key in _entries.Where(pair => pair.Value.At <= median).Select(pair => pair.Key).ToArray())
            _entries.Remove(key);
        IncidentsMetrics.HistoryForgotten.Add(ages.Length - _entries.Count);
    }

    private readonly record struct Entry(double Value, DateTimeOffset At);
}
