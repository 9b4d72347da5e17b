using Observability.Model;

namespace Observability.EndToEnd.Tests;

/// <summary>The label names of a metric with the values they take.</summary>
internal sealed class MetricLabels
{
    private readonly Dictionary<string, string[]> _values;

    public MetricLabels(IReadOnlyList<LabelSet> series)
    {
        _values = series.SelectMany(labels => labels).Where(label => label.Key != LabelSet.MetricNameLabel)
            .GroupBy(label => label.Key, StringComparer.Ordinal)
            .ToDictionary(label => label.Key, label => label.Select(pair => pair.Value).Distinct().Order(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);
        Names = [.. _values.Keys.Order(StringComparer.Ordinal)];
        Source = series[0]["job"] switch
        {
            "dcgm" when _values.ContainsKey("gpu") => MetricSource.Gpu,
            "node" when _values.ContainsKey("device") => MetricSource.Nic,
            "dcgm" or "node" => MetricSource.Target,
            _ => MetricSource.Job,
        };
    }

    /// <summary>Sorted names.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What a series stands for.</summary>
    public MetricSource Source { get; }

    /// <summary>Labels that tell a series of the source from its others.</summary>
    public string[] Identity => Source switch
    {
        MetricSource.Gpu => ["node", "gpu"],
        MetricSource.Nic => ["node", "device"],
        MetricSource.Target => ["node", "job"],
        _ => [.. new[] { "job", "rank" }.Where(_values.ContainsKey)],
    };

    /// <summary>Sorted values of a label.</summary>
    public IReadOnlyList<string> Values(string name) => _values[name];
}
