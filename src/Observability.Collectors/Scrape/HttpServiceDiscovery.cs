using System.Text.Json;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads Prometheus HTTP service discovery: <c>[{"targets":["10.0.0.1:9400"],"labels":{"__metrics_path__":"/metrics","job":"dcgm"}}]</c>.
/// </summary>
public static class HttpServiceDiscovery
{
    /// <summary>Targets of a document, with <c>instance</c> set where it is absent. Fails with <see cref="JsonException"/> or <see cref="UriFormatException"/>.</summary>
    public static IReadOnlyList<ScrapeTarget> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var targets = new List<ScrapeTarget>();
        foreach (var group in document.RootElement.EnumerateArray())
        {
            var labels = group.TryGetProperty("labels", out var stated)
                ? LabelSet.From(stated.EnumerateObject().Select(label => KeyValuePair.Create(label.Name, label.Value.GetString() ?? "")))
                : LabelSet.Empty;
            foreach (var address in group.GetProperty("targets").EnumerateArray())
                targets.Add(Target(address.GetString() ?? "", labels));
        }

        return targets;
    }

    private static ScrapeTarget Target(string address, LabelSet labels)
    {
        var scheme = labels.TryGet("__scheme__", out var stated) ? stated : "http";
        var path = labels.TryGet("__metrics_path__", out var own) ? own : "/metrics";
        var visible = LabelSet.From(labels.Where(label => !label.Key.StartsWith("__", StringComparison.Ordinal)));
        return new ScrapeTarget(new Uri($"{scheme}://{address}{path}"), visible.Has("instance") ? visible : visible.With("instance", address));
    }
}
