using System.Collections.Immutable;
using System.Text.Json;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads a topology file. Every fault is reported with its place; one fault refuses the file, because half a topology would
/// blame the wrong device.
/// <code>
/// {"entities":[{"id":"node:node-000","name":"node-000","attributes":{"rack":"rack-00"}}],
///  "edges":[{"from":"node:node-000","kind":"part_of","to":"rack:rack-00"}]}
/// </code>
/// </summary>
public static class TopologyDocument
{
    private const int ErrorsKept = 50;

    /// <summary>Entities and edges of a file; with errors, both are to be ignored.</summary>
    public static (TopologyChange Content, ImmutableArray<string> Errors) Read(
        ReadOnlyMemory<byte> json, string source, DateTimeOffset at)
    {
        var errors = ImmutableArray.CreateBuilder<string>();
        var entities = new SortedDictionary<EntityId, Entity>();
        var edges = new List<TopologyEdge>();
        try
        {
            using var document = JsonText.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                errors.Add("$ must be an object with the lists 'entities' and 'edges'");
            else
                ReadRoot(root, entities, edges, (at, errors));
        }
        catch (JsonException fault)
        {
            errors.Add($"line {fault.LineNumber + 1}: not JSON: {fault.Message}");
        }

        var content = new TopologyChange(at, source, [.. entities.Values], [.. edges.Distinct()]);
        return (content, [.. errors.Take(ErrorsKept)]);
    }

    private static void ReadRoot(
        JsonElement root, SortedDictionary<EntityId, Entity> entities, List<TopologyEdge> edges,
        (DateTimeOffset At, ImmutableArray<string>.Builder Errors) context)
    {
        foreach (var property in root.EnumerateObject())
        {
            if (property.Name is not ("entities" or "edges"))
                context.Errors.Add($"$.{property.Name} is unknown; write entities or edges");
            else if (property.Value.ValueKind != JsonValueKind.Array)
                context.Errors.Add($"$.{property.Name} must be a list");
        }

        if (!root.TryGetProperty("entities", out var list))
            context.Errors.Add("$.entities is missing");
        var index = 0;
        foreach (var element in Items(root, "entities"))
            ReadEntity(element, $"$.entities[{index++}]", entities, context.Errors);
        index = 0;
        foreach (var element in Items(root, "edges"))
        {
            if (ReadEdge(element, $"$.edges[{index++}]", entities, context) is { } edge)
                edges.Add(edge);
        }
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement root, string name) =>
        root.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;

    private static void ReadEntity(
        JsonElement element, string where, SortedDictionary<EntityId, Entity> entities, ImmutableArray<string>.Builder errors)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            errors.Add($"{where} must be an object");
            return;
        }

        var id = Id(element, "id", where, errors);
        var attributes = new List<KeyValuePair<string, string>>();
        if (element.TryGetProperty("attributes", out var stated) && stated.ValueKind == JsonValueKind.Object)
        {
            foreach (var attribute in stated.EnumerateObject())
            {
                if (attribute.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
                    attributes.Add(new(attribute.Name, attribute.Value.ToString()));
                else
                    errors.Add($"{where}.attributes.{attribute.Name} must be a string, not {attribute.Value.ValueKind}");
            }
        }

        if (id is not { } known)
            return;
        var name = element.TryGetProperty("name", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : known.Name;
        if (!entities.TryAdd(known, new Entity(known, name, LabelSet.From(attributes))))
            errors.Add($"{where}.id '{known}' appears twice");
    }

    private static TopologyEdge? ReadEdge(
        JsonElement element, string where, SortedDictionary<EntityId, Entity> entities,
        (DateTimeOffset At, ImmutableArray<string>.Builder Errors) context)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            context.Errors.Add($"{where} must be an object");
            return null;
        }

        var from = End(element, "from", where, entities, context.Errors);
        var to = End(element, "to", where, entities, context.Errors);
        var word = element.TryGetProperty("kind", out var stated) && stated.ValueKind == JsonValueKind.String ? stated.GetString() : "";
        if (KindOf(word) is not { } kind)
        {
            context.Errors.Add($"{where}.kind '{word}' is unknown; write part_of, connects, runs_on, member_of, watches, calls or mounts");
            return null;
        }

        return from is { } start && to is { } end ? new TopologyEdge(start, kind, end, context.At) : null;
    }

    private static EdgeKind? KindOf(string? word) => word switch
    {
        "part_of" => EdgeKind.PartOf,
        "connects" => EdgeKind.Connects,
        "runs_on" => EdgeKind.RunsOn,
        "member_of" => EdgeKind.MemberOf,
        "watches" => EdgeKind.Watches,
        "calls" => EdgeKind.Calls,
        "mounts" => EdgeKind.Mounts,
        _ => null,
    };

    private static EntityId? End(
        JsonElement element, string name, string where, SortedDictionary<EntityId, Entity> entities,
        ImmutableArray<string>.Builder errors)
    {
        if (Id(element, name, where, errors) is not { } id)
            return null;
        if (entities.ContainsKey(id))
            return id;
        errors.Add($"{where}.{name} '{id}' is not among the entities");
        return null;
    }

    private static EntityId? Id(JsonElement element, string name, string where, ImmutableArray<string>.Builder errors)
    {
        var text = element.TryGetProperty(name, out var stated) && stated.ValueKind == JsonValueKind.String ? stated.GetString() : null;
        if (EntityId.TryParse(text, out var id))
            return id;
        errors.Add($"{where}.{name} '{text}' is not an entity; write kind:name, for example node:node-001");
        return null;
    }
}
