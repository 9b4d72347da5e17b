using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>Merge patch (RFC 7386), and the strategic form for the lists that nodes have: taints by key and effect, conditions by type.</summary>
internal static class JsonMerge
{
    public static void Apply(JsonObject target, JsonObject patch, bool strategic)
    {
        foreach (var (name, value) in patch.ToArray())
        {
            if (value is null)
                target.Remove(name);
            else if (value is JsonObject inner)
            {
                if (target[name] is not JsonObject own)
                    target[name] = own = [];
                Apply(own, inner, strategic);
            }
            else if (strategic && value is JsonArray list && name is "taints" or "conditions")
                target[name] = MergeList(target[name] as JsonArray, (JsonArray)value, name == "taints" ? ["key", "effect"] : ["type"]);
            else
                target[name] = value.DeepClone();
        }
    }

    private static JsonArray MergeList(JsonArray? own, JsonArray patch, string[] keys)
    {
        string KeyOf(JsonNode? item) => string.Join('\0', keys.Select(key => (string?)item?[key]));
        var merged = (own ?? []).Select(item => item!.DeepClone()).ToList();
        foreach (var item in patch.OfType<JsonObject>())
        {
            var at = merged.FindIndex(known => KeyOf(known) == KeyOf(item));
            if ((string?)item["$patch"] == "delete")
            {
                if (at >= 0)
                    merged.RemoveAt(at);
            }
            else if (at >= 0)
                merged[at] = item.DeepClone();
            else
                merged.Add(item.DeepClone());
        }

        return new JsonArray([.. merged]);
    }
}
