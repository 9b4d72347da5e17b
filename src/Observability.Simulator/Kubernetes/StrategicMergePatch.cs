using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>
/// Kubernetes' strategic merge patch: as a merge patch, but lists with a merge key merge by it, and <c>$patch</c> directives replace or delete.
/// A list without a merge key is replaced whole. That includes a Node's taints (<c>listType=atomic</c>): a client that sends only its own taint
/// loses everybody else's, here as on a real cluster.
/// (<see href="https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md"/>)
/// </summary>
internal static class StrategicMergePatch
{
    private const string Directive = "$patch";

    /// <summary>Applies the patch to the target, which is changed.</summary>
    public static PatchOutcome Apply(JsonObject target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
            return PatchOutcome.Refused("a strategic merge patch must be an object");
        var problem = Merge(target, changes, "");
        return problem.Length == 0 ? PatchOutcome.Of(target) : PatchOutcome.Refused(problem);
    }

    private static string Merge(JsonObject target, JsonObject changes, string path)
    {
        if (changes.Text(Directive) is { Length: > 0 } directive)
            return Obey(target, changes, directive);
        foreach (var (name, change) in changes)
        {
            var problem = MergeField(target, name, change, $"{path}/{name}");
            if (problem.Length > 0)
                return problem;
        }

        return "";
    }

    private static string Obey(JsonObject target, JsonObject changes, string directive)
    {
        if (directive is not ("replace" or "delete" or "merge"))
            return $"Unknown patch type found: {directive}";
        if (directive != "merge")
            target.Clear();
        foreach (var (name, change) in changes.Where(pair => pair.Key != Directive && directive != "delete"))
            target[name] = change?.DeepClone();
        return "";
    }

    private static string MergeField(JsonObject target, string name, JsonNode? change, string path)
    {
        if (name.StartsWith("$deleteFromPrimitiveList/", StringComparison.Ordinal))
            return DeleteScalars(target, name["$deleteFromPrimitiveList/".Length..], change);
        // Order hints and retained keys of unions: kubectl sends them, none of the lists served here depends on them.
        if (name.StartsWith("$setElementOrder/", StringComparison.Ordinal) || name == "$retainKeys")
            return "";
        switch (change)
        {
            case null:
                target.Remove(name);
                return "";
            case JsonObject inner:
                return Merge(target.Child(name), inner, path);
            case JsonArray items when path == "/metadata/finalizers":
                Union(target, name, items);
                return "";
            case JsonArray items when MergeKey(path) is { } key:
                return MergeList(target, name, items, key);
            default:
                target[name] = change.DeepClone();
                return "";
        }
    }

    /// <summary>Merge keys of the kinds served, from the API's patchMergeKey tags.</summary>
    private static string? MergeKey(string path) => path switch
    {
        "/status/conditions" or "/status/addresses" => "type",
        "/metadata/ownerReferences" => "uid",
        "/status/podIPs" or "/status/hostIPs" => "ip",
        "/spec/containers" or "/spec/initContainers" or "/spec/volumes" or "/spec/imagePullSecrets" => "name",
        _ => null,
    };

    private static string MergeList(JsonObject target, string name, JsonArray items, string key)
    {
        if (target[name] is not JsonArray list)
            target[name] = list = [];
        if (items.OfType<JsonObject>().Any(item => item.Text(Directive) == "replace"))
            list.Clear();
        foreach (var item in items.OfType<JsonObject>().Where(item => item.Text(Directive) != "replace"))
        {
            var id = item.Text(key);
            if (id.Length == 0)
                return $"map: {item.ToJsonString()} does not contain declared merge key: {key}";
            var existing = list.OfType<JsonObject>().FirstOrDefault(old => old.Text(key) == id);
            var deleted = item.Text(Directive) == "delete";
            if (existing is not null && deleted)
                list.Remove(existing);
            else if (existing is not null)
                _ = Merge(existing, item, "");
            else if (!deleted)
                list.Add(item.DeepClone());
        }

        return "";
    }

    private static void Union(JsonObject target, string name, JsonArray items)
    {
        if (target[name] is not JsonArray list)
            target[name] = list = [];
        var known = list.Select(JsonFields.Scalar).ToHashSet(StringComparer.Ordinal);
        foreach (var item in items.Where(item => known.Add(JsonFields.Scalar(item))))
            list.Add(item?.DeepClone());
    }

    private static string DeleteScalars(JsonObject target, string name, JsonNode? change)
    {
        if (change is not JsonArray gone)
            return $"$deleteFromPrimitiveList/{name} must be a list";
        var names = gone.Select(JsonFields.Scalar).ToHashSet(StringComparer.Ordinal);
        if (target[name] is JsonArray list)
            target[name] = new JsonArray([.. list.Where(item => !names.Contains(JsonFields.Scalar(item))).Select(item => item?.DeepClone())]);
        return "";
    }
}
