using Observability.Model;

namespace Observability.Metrics;

/// <summary>Finds series by labels: for each name and value the series that carry them, in the order they were created.</summary>
internal sealed class SeriesIndex
{
    private readonly Dictionary<string, SortedDictionary<string, List<int>>> _postings = new(StringComparer.Ordinal);

    /// <summary>Every label name, sorted.</summary>
    public IEnumerable<string> Names => _postings.Keys.Order(StringComparer.Ordinal);

    /// <summary>Every value of a label, sorted.</summary>
    public IEnumerable<string> ValuesOf(string name) => _postings.TryGetValue(name, out var values) ? values.Keys : [];

    /// <summary>Adds a series with the next number.</summary>
    public void Add(int id, LabelSet labels)
    {
        foreach (var (name, value) in labels)
        {
            if (!_postings.TryGetValue(name, out var values))
                _postings[name] = values = new SortedDictionary<string, List<int>>(StringComparer.Ordinal);
            if (!values.TryGetValue(value, out var ids))
                values[value] = ids = [];
            ids.Add(id);
        }
    }

    /// <summary>
    /// Numbers of candidate series, a superset of the answer in ascending order: the shortest list among the matchers that
    /// demand a label. Null where no matcher narrows the search.
    /// </summary>
    public IReadOnlyList<int>? Candidates(IReadOnlyList<LabelMatcher> matchers)
    {
        List<int>? best = null;
        foreach (var matcher in matchers)
        {
            if (matcher.Matches(LabelSet.Empty))
                continue;
            var ids = Postings(matcher);
            if (best is null || ids.Count < best.Count)
                best = ids;
        }

        return best;
    }

    private List<int> Postings(LabelMatcher matcher)
    {
        if (!_postings.TryGetValue(matcher.Name, out var values))
            return [];
        if (matcher is { IsRegex: false, IsEqual: true })
            return values.GetValueOrDefault(matcher.Value) ?? [];
        var merged = new List<int>();
        foreach (var (value, ids) in values)
        {
            if (matcher.Matches(LabelSet.Of((matcher.Name, value))))
                merged.AddRange(ids);
        }

        merged.Sort();
        return merged;
    }
}
