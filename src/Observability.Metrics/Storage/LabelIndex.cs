using Observability.Model;

namespace Observability.Metrics;

/// <summary>
/// Finds series by labels: name to value to the series that carry it, in the order of their ids. Many readers, one
/// writer at a time.
/// </summary>
internal sealed class LabelIndex : IDisposable
{
    private const int MostOfAll = 4;

    private readonly ReaderWriterLockSlim _lock = new();
    private readonly Dictionary<string, LabelPostings> _postings = new(StringComparer.Ordinal);
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
                    _postings.Add(name, values = new LabelPostings());
                values.Add(value, series);
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
                _postings[name].Remove(value, ids);
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
            var candidates = Narrowest(compiled, out var narrowest);
            var selected = new List<MemorySeries>();
            foreach (var series in candidates)
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

    // The series of the matcher that leaves fewest, and which one that is; all series where every matcher takes the empty value too.
    private List<MemorySeries> Narrowest(CompiledMatcher[] matchers, out int narrowest)
    {
        narrowest = -1;
        var least = int.MaxValue;
        List<List<MemorySeries>> lists = [];
        // What can be looked up comes first: it may spare the walk over all values of another label.
        foreach (var i in Enumerable.Range(0, matchers.Length).Where(i => !matchers[i].MatchesEmpty).OrderBy(i => matchers[i].Literals is null))
        {
            if (!_postings.TryGetValue(matchers[i].Name, out var values))
                return [];
            if (least <= values.Count && matchers[i].Literals is null)
                continue;
            var found = values.Find(matchers[i]);
            var count = found.Sum(list => list.Count);
            if (count < least)
                (narrowest, least, lists) = (i, count, found);
        }

        if (narrowest < 0)
            return [.. _all.Values];
        if (lists.Count == 1)
            return lists[0];
        if (least > _all.Count / MostOfAll)
        {
            // A pattern that most series satisfy (.+) costs less as a walk over all of them, which are in order already.
            narrowest = -1;
            return [.. _all.Values];
        }

        var merged = new List<MemorySeries>(least);
        foreach (var list in lists)
            merged.AddRange(list);
        // A series carries a label once, so the lists are disjoint; only their order is missing.
        merged.Sort(static (left, right) => left.Id.CompareTo(right.Id));
        return merged;
    }

    public void Dispose() => _lock.Dispose();
}
