namespace Observability.Metrics;

/// <summary>The values of one label name, each with its series in the order of their ids. Guarded by the index that owns it.</summary>
internal sealed class LabelPostings
{
    private readonly Dictionary<string, List<MemorySeries>> _byValue = new(StringComparer.Ordinal);

    // Built when a prefix is first asked for after a value came or went; several readers may build the same one at a time.
    private volatile string[]? _sorted;

    public int Count => _byValue.Count;

    public void Add(string value, MemorySeries series)
    {
        if (!_byValue.TryGetValue(value, out var list))
        {
            _byValue.Add(value, list = []);
            _sorted = null;
        }

        list.Add(series);
    }

    public void Remove(string value, HashSet<long> ids)
    {
        var list = _byValue[value];
        list.RemoveAll(series => ids.Contains(series.Id));
        if (list.Count > 0)
            return;
        _byValue.Remove(value);
        _sorted = null;
    }

    /// <summary>The lists of the values that match. The matcher is a positive one: it does not match the empty value.</summary>
    public List<List<MemorySeries>> Find(CompiledMatcher matcher)
    {
        var found = new List<List<MemorySeries>>();
        if (matcher.Literals is { } literals)
        {
            foreach (var value in literals)
            {
                if (_byValue.TryGetValue(value, out var list))
                    found.Add(list);
            }
        }
        else if (matcher.Prefixes is { } prefixes)
        {
            FindByPrefix(matcher, prefixes, found);
        }
        else
        {
            foreach (var (value, list) in _byValue)
            {
                if (matcher.Matches(value))
                    found.Add(list);
            }
        }

        return found;
    }

    private void FindByPrefix(CompiledMatcher matcher, IReadOnlyList<string> prefixes, List<List<MemorySeries>> found)
    {
        var sorted = _sorted ??= Sort();
        var taken = prefixes.Count > 1 ? new HashSet<string>(StringComparer.Ordinal) : null;
        foreach (var prefix in prefixes)
        {
            var at = Array.BinarySearch(sorted, prefix, StringComparer.Ordinal);
            for (at = at < 0 ? ~at : at; at < sorted.Length && sorted[at].StartsWith(prefix, StringComparison.Ordinal); at++)
            {
                if (matcher.Matches(sorted[at]) && taken?.Add(sorted[at]) != false)
                    found.Add(_byValue[sorted[at]]);
            }
        }
    }

    private string[] Sort()
    {
        string[] values = [.. _byValue.Keys];
        Array.Sort(values, StringComparer.Ordinal);
        return values;
    }
}
