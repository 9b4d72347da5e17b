using System.Globalization;
using Observability.Model;

namespace Observability.EndToEnd.Tests;

/// <summary>The metrics and labels that are really there: what queries are made of.</summary>
internal sealed class MetricCatalogue
{
    private readonly string[] _lively;
    private readonly string[] _still;
    private readonly Dictionary<string, string[]> _values;

    public MetricCatalogue(IReadOnlyDictionary<LabelSet, List<Sample>> series)
    {
        Families = series.GroupBy(one => one.Key.MetricName, StringComparer.Ordinal)
            .ToDictionary(family => family.Key, family => new MetricLabels([.. family.Select(one => one.Key)]), StringComparer.Ordinal);
        var moving = series.Where(one => one.Value.Where(sample => !double.IsNaN(sample.Value)).Select(sample => sample.Value).Distinct().Skip(1).Any())
            .Select(one => one.Key.MetricName).ToHashSet(StringComparer.Ordinal);
        // Zero and one are boundaries everywhere.
        _values = series.GroupBy(one => one.Key.MetricName, StringComparer.Ordinal).ToDictionary(
            family => family.Key,
            family => family.SelectMany(one => one.Value).Select(sample => sample.Value).Where(double.IsFinite).Concat([0, 1]).Distinct().Order()
                .Select(value => value.ToString("R", CultureInfo.InvariantCulture)).ToArray(),
            StringComparer.Ordinal);
        _lively = [.. Families.Keys.Where(moving.Contains).Order(StringComparer.Ordinal)];
        _still = [.. Families.Keys.Except(moving).Order(StringComparer.Ordinal)];
    }

    /// <summary>Metric name to what its series carry.</summary>
    public IReadOnlyDictionary<string, MetricLabels> Families { get; }

    /// <summary>A metric, mostly one whose values change; where a source is named, one of its.</summary>
    public string Draw(Random random, MetricSource? source = null)
    {
        var names = random.Next(8) > 0 ? _lively : _still;
        if (source is { } wanted)
            names = [.. names.Where(name => Families[name].Source == wanted)];
        return names[random.Next(names.Length)];
    }

    /// <summary>Values that a metric takes, as they are written in a query.</summary>
    public IReadOnlyList<string> Values(string metric) => _values[metric];

    /// <summary>A metric's labels.</summary>
    public MetricLabels this[string metric] => Families[metric];
}
