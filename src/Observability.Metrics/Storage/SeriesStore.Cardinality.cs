using System.Text;
using Observability.Model;

namespace Observability.Metrics;

/// <summary>What makes the store large.</summary>
public sealed partial class SeriesStore
{
    /// <summary>Counts over all series. It walks every series: for people who ask, not for a loop.</summary>
    /// <param name="most">Most entries of each list.</param>
    public StoreCardinality Cardinality(int most)
    {
        var pairs = new Dictionary<(string Name, string Value), long>();
        var (all, chunks, first, last) = (_index.All(), 0L, long.MaxValue, long.MinValue);
        foreach (var series in all)
        {
            var extent = series.Extent();
            if (extent.Chunks > 0)
                (chunks, first, last) = (chunks + extent.Chunks, Math.Min(first, extent.FirstTime), Math.Max(last, extent.LastTime));
            for (var i = 0; i < series.Labels.Count; i++)
            {
                var (name, value) = series.Labels.At(i);
                pairs[(name, value)] = pairs.GetValueOrDefault((name, value)) + 1;
            }
        }

        var byLabel = pairs.GroupBy(pair => pair.Key.Name).ToArray();
        return new StoreCardinality
        {
            Series = all.Length,
            LabelPairs = pairs.Count,
            Chunks = chunks,
            FirstTime = chunks == 0 ? 0 : first,
            LastTime = chunks == 0 ? 0 : last,
            SeriesByMetric = Most(most, pairs.Where(pair => pair.Key.Name == LabelSet.MetricNameLabel).Select(pair => (pair.Key.Value, pair.Value))),
            ValuesByLabel = Most(most, byLabel.Select(label => (label.Key, (long)label.Count()))),
            ValueBytesByLabel = Most(most, byLabel.Select(label => (label.Key, label.Sum(pair => Encoding.UTF8.GetByteCount(pair.Key.Value) * pair.Value)))),
            SeriesByPair = Most(most, pairs.Select(pair => ($"{pair.Key.Name}={pair.Key.Value}", pair.Value))),
        };
    }

    private static IReadOnlyList<KeyValuePair<string, long>> Most(int most, IEnumerable<(string Name, long Count)> counts) =>
        [.. counts.OrderByDescending(entry => entry.Count).ThenBy(entry => entry.Name, StringComparer.Ordinal).Take(most)
            .Select(entry => KeyValuePair.Create(entry.Name, entry.Count))];
}
