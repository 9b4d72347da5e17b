using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>
/// The documents that tell a client what is served: <c>/version</c>, <c>/api</c>, <c>/apis</c>, one per group and version, and the part of
/// <c>/openapi/v3</c> that kubectl reads before it writes.
/// </summary>
internal static class Discovery
{
    /// <summary>The document at a path; null when there is none.</summary>
    public static JsonObject? At(string path, string gitVersion) => path.Trim('/').Split('/') switch
    {
        ["version"] => Version(gitVersion),
        ["api"] => new JsonObject { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1"), ["serverAddressByClientCIDRs"] = new JsonArray() },
        ["api", "v1"] => Resources(""),
        ["apis"] => Groups(),
        ["apis", var group] => Served(group) ? Group(group) : null,
        ["apis", var group, "v1"] => Served(group) ? Resources(group) : null,
        ["openapi", "v3"] => OpenApiPaths(),
        ["openapi", "v3", "api", "v1"] => OpenApi(""),
        ["openapi", "v3", "apis", var group, "v1"] => Served(group) ? OpenApi(group) : null,
        _ => null,
    };

    private static IEnumerable<string> GroupNames => ResourceKinds.All.Select(kind => kind.Group).Where(group => group.Length > 0).Distinct();

    private static bool Served(string group) => GroupNames.Contains(group);

    private static JsonObject Version(string gitVersion) => new()
    {
        ["major"] = gitVersion.TrimStart('v').Split('.')[0],
        ["minor"] = gitVersion.Split('.')[1],
        ["gitVersion"] = gitVersion,
        ["gitCommit"] = "",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "2025-04-22T16:03:58Z",
        ["goVersion"] = "go1.23.6",
        ["compiler"] = "gc",
        ["platform"] = "linux/amd64",
    };

    private static JsonObject Groups() => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. GroupNames.Select(Group)]),
    };

    private static JsonObject Group(string group)
    {
        var version = new JsonObject { ["groupVersion"] = $"{group}/v1", ["version"] = "v1" };
        return new JsonObject
        {
            ["kind"] = "APIGroup",
            ["apiVersion"] = "v1",
            ["name"] = group,
            ["versions"] = new JsonArray(version),
            ["preferredVersion"] = version.DeepClone(),
        };
    }

    private static JsonObject Resources(string group)
    {
        var resources = new JsonArray();
        foreach (var kind in ResourceKinds.All.Where(kind => kind.Group == group))
        {
            resources.Add(Resource(kind, "", kind.Kind, kind.Verbs));
            foreach (var subresource in kind.Subresources)
                resources.Add(Subresource(kind, subresource));
        }

        return new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? "v1" : $"{group}/v1",
            ["resources"] = resources,
        };
    }

    // kubectl drain looks here for pods/eviction with kind Eviction of policy/v1.
    private static JsonObject Subresource(ResourceKind kind, string name)
    {
        if (name != "eviction")
            return Resource(kind, "/" + name, kind.Kind, ["get", "patch", "update"]);
        var eviction = Resource(kind, "/eviction", "Eviction", ["create"]);
        eviction["group"] = "policy";
        eviction["version"] = "v1";
        return eviction;
    }

    private static JsonObject Resource(ResourceKind kind, string suffix, string name, IReadOnlyList<string> verbs)
    {
        var resource = new JsonObject
        {
            ["name"] = kind.Plural + suffix,
            ["singularName"] = suffix.Length == 0 ? kind.Singular : "",
            ["namespaced"] = kind.Namespaced,
            ["kind"] = name,
            ["verbs"] = Texts(verbs),
        };
        if (suffix.Length == 0 && kind.ShortNames.Count > 0)
            resource["shortNames"] = Texts(kind.ShortNames);
        // What `kubectl get all` means.
        if (suffix.Length == 0 && (kind == ResourceKinds.Pods || ResourceKinds.Owners.Contains(kind)))
            resource["categories"] = new JsonArray("all");
        return resource;
    }

    private static JsonObject OpenApiPaths()
    {
        var paths = new JsonObject { ["api/v1"] = new JsonObject { ["serverRelativeURL"] = "/openapi/v3/api/v1" } };
        foreach (var group in GroupNames)
            paths[$"apis/{group}/v1"] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/apis/{group}/v1" };
        return new JsonObject { ["paths"] = paths };
    }

    // Only what lets kubectl see that the server validates fields itself; schemas are not served, so `kubectl explain` has nothing to show.
    private static JsonObject OpenApi(string group)
    {
        var paths = new JsonObject();
        foreach (var kind in ResourceKinds.All.Where(kind => kind.Group == group && kind.Allows("patch")))
        {
            var root = group.Length == 0 ? "/api/v1" : $"/apis/{group}/v1";
            var scope = kind.Namespaced ? "/namespaces/{namespace}" : "";
            paths[$"{root}{scope}/{kind.Plural}/{{name}}"] = new JsonObject { ["patch"] = PatchOperation(kind) };
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = "v1" },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = new JsonObject() },
        };
    }

    private static JsonObject PatchOperation(ResourceKind kind) => new()
    {
        ["parameters"] = new JsonArray(Parameter("dryRun"), Parameter("fieldValidation")),
        ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } },
        ["x-kubernetes-action"] = "patch",
        ["x-kubernetes-group-version-kind"] = new JsonObject { ["group"] = kind.Group, ["version"] = kind.Version, ["kind"] = kind.Kind },
    };

    private static JsonObject Parameter(string name) => new()
    {
        ["name"] = name,
        ["in"] = "query",
        ["schema"] = new JsonObject { ["type"] = "string", ["uniqueItems"] = true },
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
