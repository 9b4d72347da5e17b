using System.Text.Json;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// The topology file: <c>{"entities":[{"id":"node:node-000","name":"node-000","attributes":{}}],"edges":[{"from":"gpu:…","kind":"part_of","to":"node:…"}]}</c>.
/// </summary>
public static class TopologyDocument
{
    /// <summary>Reads a document; what cannot be read is a finding, the rest is used.</summary>
    public static (TopologyChange Change, IReadOnlyList<Finding> Findings) Read(string json, string file, DateTimeOffset at)
    {
        var findings = new List<Finding>();
        var entities = new List<Entity>();
        var edges = new List<TopologyEdge>();
        try
        {
            using var document = JsonDocument.Parse(json);
            foreach (var (item, index) in Items(document.RootElement, "entities"))
                ReadEntity(item, $"entities[{index}]", file, entities, findings);
            foreach (var (item, index) in Items(document.RootElement, "edges"))
                ReadEdge(item, $"edges[{index}]", (file, at), edges, findings);
        }
        catch (JsonException fault)
        {
            findings.Add(new Finding(new SourceLine(file, (int)(fault.LineNumber ?? 0) + 1), $"is not JSON: {fault.Message}"));
        }

        return (new TopologyChange(at, file, [.. entities], [.. edges]), findings);
    }

    /// <summary>What has to change to come from one shape to another; null where nothing has.</summary>
    public static TopologyChange? Difference(Topology before, TopologyChange after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var added = after.Entities.Where(entity => before.Find(entity.Id) is not { } known || !known.Equals(entity)).ToArray();
        var wanted = after.Edges.Select(edge => (edge.From, edge.Kind, edge.To)).ToHashSet();
        var owners = after.Entities.Select(entity => entity.Id).ToHashSet();
        var known = owners.Where(id => before.Find(id) is not null).SelectMany(before.EdgesOf).Where(edge => owners.Contains(edge.From))
            .Select(edge => (edge.From, edge.Kind, edge.To)).ToHashSet();
        var ended = known.Where(edge => !wanted.Contains(edge)).Order()
            .Select(edge => new TopologyEdge(edge.From, edge.Kind, edge.To, after.At, after.At)).ToArray();
        var begun = after.Edges.Where(edge => !known.Contains((edge.From, edge.Kind, edge.To))).ToArray();
        var gone = before.Entities.Keys.Where(id => !owners.Contains(id)).Order().ToArray();
        return added.Length + ended.Length + begun.Length + gone.Length == 0
            ? null
            : new TopologyChange(after.At, after.Source, [.. added], [.. ended, .. begun]) { Removed = [.. gone] };
    }

    private static void ReadEntity(JsonElement item, string where, string file, List<Entity> entities, List<Finding> findings)
    {
        if (!EntityId.TryParse(Text(item, "id"), out var id))
        {
            findings.Add(new Finding(new SourceLine(file, 0), $"{where}.id: '{Text(item, "id")}' is not an entity; write kind:name, for example node:node-000"));
            return;
        }

        var attributes = item.TryGetProperty("attributes", out var stated) && stated.ValueKind == JsonValueKind.Object
            ? LabelSet.From(stated.EnumerateObject().Select(one => KeyValuePair.Create(one.Name, one.Value.ToString())))
            : LabelSet.Empty;
        var name = Text(item, "name");
        entities.Add(new Entity(id, name.Length > 0 ? name : id.Name, attributes));
    }

    private static void ReadEdge(JsonElement item, string where, (string File, DateTimeOffset At) source, List<TopologyEdge> edges, List<Finding> findings)
    {
        var kind = Text(item, "kind").Replace("_", "", StringComparison.Ordinal);
        if (!Enum.TryParse<EdgeKind>(kind, ignoreCase: true, out var parsed))
            findings.Add(new Finding(new SourceLine(source.File, 0), $"{where}.kind: '{Text(item, "kind")}' is not one of part_of, connects, runs_on, member_of, watches"));
        else if (!EntityId.TryParse(Text(item, "from"), out var from) || !EntityId.TryParse(Text(item, "to"), out var to))
            findings.Add(new Finding(new SourceLine(source.File, 0), $"{where}: 'from' and 'to' must be kind:name; seen '{Text(item, "from")}' and '{Text(item, "to")}'"));
        else
            edges.Add(new TopologyEdge(from, parsed, to, source.At));
    }

    private static IEnumerable<(JsonElement Item, int Index)> Items(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select((item, index) => (item, index))
            : [];

    private static string Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
