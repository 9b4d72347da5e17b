using Observability.Model;

namespace Observability.Metrics;

/// <summary>The read side: selection for the engine, and the label queries of the HTTP API.</summary>
public sealed partial class SeriesStore
{
    /// <summary>Label names of the series that match any of the matcher lists (all series without one) in a time range, sorted.</summary>
    public IReadOnlyList<string> LabelNames(
        IReadOnlyList<IReadOnlyList<LabelMatcher>> matchers, DateTimeOffset start, DateTimeOffset end)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var series in SelectAny(matchers, start, end))
        {
            for (var i = 0; i < series.Labels.Count; i++)
                names.Add(series.Labels.At(i).Key);
        }

        return [.. names];
    }

    /// <summary>Values of one label over the series that match any of the matcher lists in a time range, sorted.</summary>
    public IReadOnlyList<string> LabelValues(
        string name, IReadOnlyList<IReadOnlyList<LabelMatcher>> matchers, DateTimeOffset start, DateTimeOffset end)
    {
        var values = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var series in SelectAny(matchers, start, end))
        {
            if (series.Labels.TryGet(name, out var value))
                values.Add(value);
        }

        return [.. values];
    }

    /// <summary>Label sets of the series that match any of the matcher lists in a time range, sorted.</summary>
    public IReadOnlyList<LabelSet> Series(
        IReadOnlyList<IReadOnlyList<LabelMatcher>> matchers, DateTimeOffset start, DateTimeOffset end)
    {
        var found = SelectAny(matchers, start, end).Select(series => series.Labels).ToList();
        found.Sort(LabelSet.Compare);
        return found;
    }

    internal List<MemorySeries> Select(IReadOnlyList<LabelMatcher> matchers) => _index.Select(matchers);

    private IEnumerable<MemorySeries> SelectAny(
        IReadOnlyList<IReadOnlyList<LabelMatcher>> matchers, DateTimeOffset start, DateTimeOffset end)
    {
        var (from, to) = (start.ToUnixTimeMilliseconds(), end.ToUnixTimeMilliseconds());
        var candidates = matchers.Count == 0
            ? _index.All()
            : matchers.SelectMany(_index.Select).Distinct();
        return candidates.Where(series => series.Overlaps(from, to));
    }
}
