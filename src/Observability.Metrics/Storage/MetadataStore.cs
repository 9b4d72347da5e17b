using Observability.Model;

namespace Observability.Metrics;

/// <summary>
/// What sources say about metric families: per family the distinct statements, newest last. Sources that disagree are shown side by
/// side, as Prometheus does. Safe for many threads.
/// </summary>
public sealed class MetadataStore(int maxFamilies)
{
    internal const int StatementsPerFamily = 10;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, List<MetricMetadata>> _families = new(StringComparer.Ordinal);
    private long _refused;

    /// <summary>Families known.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _families.Count;
        }
    }

    /// <summary>Statements not kept because there were too many families.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Families in order of their names with what was said about them.</summary>
    /// <param name="metric">Only this family; an empty string for all.</param>
    /// <param name="families">Most families; 0 or less for all.</param>
    /// <param name="perFamily">Most statements of a family; 0 or less for all.</param>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<MetricMetadata>>> Find(string metric, int families, int perFamily)
    {
        var most = families > 0 ? families : int.MaxValue;
        lock (_lock)
        {
            return [.. _families.Where(pair => metric.Length == 0 || pair.Key == metric).Take(most)
                .Select(pair => KeyValuePair.Create(pair.Key, (IReadOnlyList<MetricMetadata>)[.. pair.Value.TakeLast(perFamily > 0 ? perFamily : int.MaxValue)]))];
        }
    }

    /// <summary>Takes statements and gives back those that were not known.</summary>
    internal IReadOnlyList<MetricMetadata> Add(IReadOnlyList<MetricMetadata> statements)
    {
        if (statements.Count == 0)
            return [];
        lock (_lock)
            return [.. statements.Where(TryAdd)];
    }

    private bool TryAdd(MetricMetadata statement)
    {
        if (!_families.TryGetValue(statement.Family, out var known))
        {
            if (_families.Count >= maxFamilies)
            {
                Interlocked.Increment(ref _refused);
                MetricsMetrics.MetadataRefused.Add(1);
                return false;
            }

            _families[statement.Family] = known = [];
        }

        if (known.Contains(statement))
            return false;
        if (known.Count >= StatementsPerFamily)
            known.RemoveAt(0);
        known.Add(statement);
        return true;
    }
}
