using System.Text.Json;
using Observability.Incidents;

namespace Observability.Server;

/// <summary>
/// Reads a knowledge graph of a system:
/// <code>{"nodes": [{"id": "cart", "type": "Service"}], "edges": [{"source": "cart", "target": "cart-0", "label": "has_instance"}]}</code>
/// </summary>
internal static class SystemGraphFile
{
    private static readonly string[] Forward = ["has_instance", "hosts", "contains", "runs", "has_part"];
    private static readonly string[] Backward = ["instance_of", "hosted_on", "part_of", "runs_on", "member_of"];
    private static readonly string[] Calls = ["control_flow", "data_flow", "calls", "depends_on", "uses", "registers_with"];

    /// <summary>The graph; null where the file holds none. Labels that mean nothing here are told once each.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static ServiceGraph? Read(string file, Action<string> trouble)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        if (json.RootElement.ValueKind != JsonValueKind.Object || !Has(json.RootElement, "nodes", out var nodes) || !Has(json.RootElement, "edges", out var edges))
            return null;
        var unknown = new SortedSet<string>(StringComparer.Ordinal);
        var links = new List<ServiceLink>();
        foreach (var edge in edges.EnumerateArray())
        {
            if (Text(edge, "source") is not { } source || Text(edge, "target") is not { } target)
                continue;
            var label = Text(edge, "label") ?? Text(edge, "type") ?? "";
            if (Forward.Contains(label))
                links.Add(new ServiceLink(source, ServiceEdge.Contains, target));
            else if (Backward.Contains(label))
                links.Add(new ServiceLink(target, ServiceEdge.Contains, source));
            else if (Calls.Contains(label))
                links.Add(new ServiceLink(source, ServiceEdge.Calls, target));
            else
                unknown.Add(label);
        }

        foreach (var label in unknown)
            trouble($"{file}: edges labelled '{label}' are not used; known are {string.Join(", ", Forward.Concat(Backward).Concat(Calls))}");
        return new ServiceGraph(
            nodes.EnumerateArray().Where(node => Text(node, "id") is not null).Select(node => KeyValuePair.Create(Text(node, "id")!, Text(node, "type") ?? "")), links);
    }

    private static bool Has(JsonElement json, string key, out JsonElement array) => json.TryGetProperty(key, out array) && array.ValueKind == JsonValueKind.Array;

    private static string? Text(JsonElement json, string key) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
