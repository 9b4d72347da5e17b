using System.Globalization;
using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>
/// JSON patch (<see href="https://www.rfc-editor.org/rfc/rfc6902"/>), e.g.
/// <c>[{"op":"test","path":"/spec/unschedulable","value":true},{"op":"remove","path":"/metadata/labels/a~1b"}]</c>.
/// </summary>
internal static class JsonPatch
{
    private const int OperationLimit = 10_000;

    /// <summary>Applies the patch to the target, which is changed; after a refusal the target is of no use.</summary>
    public static PatchOutcome Apply(JsonObject target, JsonNode? patch)
    {
        if (patch is not JsonArray operations || operations.Count > OperationLimit)
            return PatchOutcome.Refused($"a JSON patch must be a list of at most {OperationLimit} operations");
        foreach (var item in operations)
        {
            var problem = item is JsonObject operation ? Apply(target, operation) : "each operation must be an object";
            if (problem.Length > 0)
                return PatchOutcome.Refused(problem);
        }

        return PatchOutcome.Of(target);
    }

    private static string Apply(JsonObject target, JsonObject operation)
    {
        var path = operation.Text("path");
        var from = operation.Text("from");
        var value = operation["value"];
        return operation.Text("op") switch
        {
            "add" => Add(target, path, value),
            "remove" => Remove(target, path),
            "replace" => Remove(target, path) is { Length: > 0 } problem ? problem : Add(target, path, value),
            "move" => TryRead(target, from, out var moved) && Remove(target, from).Length == 0 ? Add(target, path, moved) : Missing(from),
            "copy" => TryRead(target, from, out var copied) ? Add(target, path, copied) : Missing(from),
            "test" => TryRead(target, path, out var found) && JsonNode.DeepEquals(found, value) ? "" : $"testing value {path} failed: test failed",
            var other => $"Unexpected kind: {other}",
        };
    }

    private static string Add(JsonObject target, string path, JsonNode? value)
    {
        if (!TryParent(target, path, out var parent, out var last))
            return Missing(path);
        if (parent is JsonObject map)
        {
            map[last] = value?.DeepClone();
            return "";
        }

        var list = (JsonArray)parent;
        var index = last == "-" ? list.Count : Index(last);
        if (index < 0 || index > list.Count)
            return Missing(path);
        list.Insert(index, value?.DeepClone());
        return "";
    }

    private static string Remove(JsonObject target, string path)
    {
        if (!TryParent(target, path, out var parent, out var last))
            return Missing(path);
        if (parent is JsonObject map)
            return map.Remove(last) ? "" : Missing(path);
        var list = (JsonArray)parent;
        var index = Index(last);
        if (index < 0 || index >= list.Count)
            return Missing(path);
        list.RemoveAt(index);
        return "";
    }

    private static bool TryRead(JsonObject target, string path, out JsonNode? value)
    {
        value = null;
        return TryParent(target, path, out var parent, out var last) && TryStep(parent, last, out value);
    }

    private static bool TryParent(JsonObject target, string path, out JsonNode parent, out string last)
    {
        (parent, last) = (target, "");
        if (!path.StartsWith('/'))
            return false;
        var steps = path[1..].Split('/');
        foreach (var step in steps[..^1])
        {
            if (!TryStep(parent, Unescape(step), out var next) || next is not (JsonObject or JsonArray))
                return false;
            parent = next;
        }

        last = Unescape(steps[^1]);
        return true;
    }

    private static bool TryStep(JsonNode parent, string step, out JsonNode? next)
    {
        next = null;
        if (parent is JsonObject map)
            return map.TryGetPropertyValue(step, out next);
        if (parent is not JsonArray list || Index(step) is var index && (index < 0 || index >= list.Count))
            return false;
        next = list[index];
        return true;
    }

    private static int Index(string step) =>
        int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : -1;

    private static string Unescape(string step) => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private static string Missing(string path) => $"the path \"{path}\" does not exist in the object";
}
