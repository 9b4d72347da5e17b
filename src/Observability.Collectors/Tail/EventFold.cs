using Observability.Model;

namespace Observability.Collectors;

/// <summary>Lets the first event of a key through and folds its repeats within a window. Holds a bounded number of keys.</summary>
internal sealed class EventFold(TimeSpan window, int limit = 4_096)
{
    private readonly Dictionary<string, DateTimeOffset> _seen = new(StringComparer.Ordinal);

    /// <summary>Repeats folded so far.</summary>
    public long Folded { get; private set; }

    public bool IsNew(TelemetryEvent read)
    {
        if (_seen.TryGetValue(read.DedupeKey, out var before) && (read.At - before).Duration() < window)
        {
            Folded++;
            return false;
        }

        if (_seen.Count >= limit)
            Drop(read.At);
        _seen[read.DedupeKey] = read.At;
        return true;
    }

    /// <summary>A device that changed its state may report the earlier state anew.</summary>
    public void Forget(string key) => _seen.Remove(key);

    private void Drop(DateTimeOffset now)
    {
        foreach (var old in _seen.Where(pair => now - pair.Value >= window).Select(pair => pair.Key).ToList())
            _seen.Remove(old);
        if (_seen.Count >= limit)
            _seen.Clear();
    }
}
