using System.Collections.Frozen;
using System.Text;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>Turns OTLP names and units into Prometheus ones, as the OpenTelemetry specification says.</summary>
internal static class OtlpNames
{
    // Resource attributes that become labels; the others would only multiply series.
    private static readonly FrozenSet<string> ResourceLabels = FrozenSet.ToFrozenSet(
        ["job_name", "node", "host.name", "k8s.node.name", "k8s.pod.name", "nemo.run.id"], StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Units = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["s"] = "seconds",
        ["ms"] = "milliseconds",
        ["By"] = "bytes",
        ["W"] = "watts",
        ["J"] = "joules",
        ["Cel"] = "celsius",
        ["Hz"] = "hertz",
        ["By/s"] = "bytes_per_second",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static List<KeyValuePair<string, string>> Kept(IEnumerable<KeyValuePair<string, string>> resource) =>
        [.. resource.Where(attribute => ResourceLabels.Contains(attribute.Key))];

    public static SeriesSample ToSample(OtlpPoint point, long now)
    {
        var name = Clean(point.Name);
        if (Units.TryGetValue(point.Unit, out var unit) && !name.EndsWith("_" + unit, StringComparison.Ordinal))
            name += "_" + unit;
        else if (point.Unit == "1" && !point.IsCounter && !name.EndsWith("_ratio", StringComparison.Ordinal))
            name += "_ratio";
        if (point.IsCounter && !name.EndsWith("_total", StringComparison.Ordinal))
            name += "_total";
        var labels = LabelSet.From(point.Labels.Select(label => KeyValuePair.Create(Clean(label.Key), label.Value))
            .Append(KeyValuePair.Create(LabelSet.MetricNameLabel, name)));
        return new SeriesSample(labels, new Sample(point.UnixMilliseconds > 0 ? point.UnixMilliseconds : now, point.Value));
    }

    private static string Clean(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var c in name)
            text.Append(char.IsAsciiLetterOrDigit(c) || c is '_' or ':' ? c : '_');
        return text.Length > 0 && char.IsAsciiDigit(text[0]) ? "_" + text : text.ToString();
    }
}
