using Observability.Model;

namespace Observability.Metrics;

/// <summary>
/// Finds series by labels: name to value to the series that carry it, in the order of their ids. Many readers, one
/// writer at a time.
/// </summary>
internal sealed class LabelIndex : IDisposable
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly Dictionary<string, Dictionary<string, List<MemorySeries>>> _postings = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, MemorySeries> _all = [];

    public int Count
    {
        get
        {
            _lock.EnterReadLock();
            try
            {
                return _all.Count;
            }
            finally
            {
                _lock.ExitReadLock();
            }
        }
    }

    public void Add(MemorySeries series)
    {
        _lock.EnterWriteLock();
        try
        {
            _all.Add(series.Id, series);
            for (var i = 0; i < series.Labels.Count; i++)
            {
                var (name, value) = series.Labels.At(i);
                if (!_postings.TryGetValue(name, out var values))
                    _postings.Add(name, values = new(StringComparer.Ordinal));
                if (!values.TryGetValue(value, out var list))
                    values.Add(value, list = []);
                list.Add(series);
            }
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public void Remove(IReadOnlyCollection<MemorySeries> gone)
    {
        var ids = gone.Select(series => series.Id).ToHashSet();
        _lock.EnterWriteLock();
        try
        {
            foreach (var id in ids)
                _all.Remove(id);
            foreach (var (name, value) in gone.SelectMany(series => series.Labels).Distinct())
            {
                var list = _postings[name][value];
                list.RemoveAll(series => ids.Contains(series.Id));
                if (list.Count == 0)
                    _postings[name].Remove(value);
                if (_postings[name].Count == 0)
                    _postings.Remove(name);
            }
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public MemorySeries[] All()
    {
        _lock.EnterReadLock();
        try
        {
            return [.. _all.Values];
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    /// <summary>The series that satisfy every matcher, in the order of their ids.</summary>
    public List<MemorySeries> Select(IReadOnlyList<LabelMatcher> matchers)
    {
        var compiled = matchers.Select(matcher => new CompiledMatcher(matcher)).ToArray();
        _lock.EnterReadLock();
        try
        {
            var narrowest = -1;
            List<MemorySeries>? candidates = null;
            for (var i = 0; i < compiled.Length; i++)
            {
                if (compiled[i].MatchesEmpty)
                    continue;
                var found = Postings(compiled[i]);
                if (candidates is not null && found.Count >= candidates.Count)
                    continue;
                candidates = found;
                narrowest = i;
            }

            var selected = new List<MemorySeries>();
            foreach (var series in candidates ?? [.. _all.Values])
            {
                if (MatchesAll(series.Labels, compiled, narrowest))
                    selected.Add(series);
            }

            return selected;
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    private static bool MatchesAll(LabelSet labels, CompiledMatcher[] matchers, int except)
    {
        for (var i = 0; i < matchers.Length; i++)
        {
            if (i != except && !matchers[i].Matches(labels[matchers[i].Name]))
                return false;
        }

        return true;
    }

    private List<MemorySeries> Postings(CompiledMatcher matcher)
    {
        if (!_postings.TryGetValue(matcher.Name, out var values))
            return [];
        if (matcher.Literals is { Length: 1 } single)
            return values.GetValueOrDefault(single[0]) ?? [];
        var lists = matcher.Literals is { } literals
            ? literals.Distinct().Select(value => values.GetValueOrDefault(value) ?? [])
            : values.Where(entry => matcher.Matches(entry.Key)).Select(entry => entry.Value);
        var merged = new List<MemorySeries>();
        foreach (var list in lists)
            merged.AddRange(list);
        // A series carries a label once, so the lists are disjoint; only their order is missing.
        merged.Sort((left, right) => left.Id.CompareTo(right.Id));
        return merged;
    }

    public void Dispose() => _lock.Dispose();
}
