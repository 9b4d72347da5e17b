using System.Globalization;
using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>Create, update, patch and delete, under optimistic concurrency.</summary>
internal sealed class ResourceWrites(ClusterState state, ClusterEvents events, NodeControl nodeControl)
{
    private static readonly string[] _fixedMetadata =
        ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"];

    public ApiResult Create(ApiRequest request)
    {
        if (Candidate(request, "", out var value) is { } refused)
            return refused;
        var metadata = value.Child("metadata");
        if (metadata.Text("name").Length == 0 && metadata.Text("generateName") is { Length: > 0 } prefix)
            metadata["name"] = prefix + state.Next().ToString("x5", CultureInfo.InvariantCulture);
        if (metadata.Text("name").Length == 0)
            return ApiStatus.Invalid(request.Kind, "", "metadata.name", "Required value: name or generateName is required");
        return state.Store.Get(request.Kind, request.Path.Namespace, value.Name()) is null
            ? Insert(request, value)
            : ApiStatus.AlreadyExists(request.Kind, value.Name());
    }

    public ApiResult Update(ApiRequest request)
    {
        if (Candidate(request, request.Path.Name, out var value) is { } refused)
            return refused;
        value.Child("metadata")["name"] = request.Path.Name;
        var old = state.Store.Get(request.Kind, request.Path.Namespace, request.Path.Name);
        if (old is null && request.Kind.CreateOnUpdate && value.Text("metadata", "resourceVersion").Length == 0)
            return Insert(request, value);
        if (old is null)
            return ApiStatus.NotFound(request.Kind, request.Path.Name);
        if (request.Kind.VersionRequired && value.Text("metadata", "resourceVersion") is "" or "0")
            return ApiStatus.Invalid(request.Kind, request.Path.Name, "metadata.resourceVersion", "Invalid value: 0x0: must be specified for an update");
        return Replace(request, old, value);
    }

    public ApiResult Patch(ApiRequest request)
    {
        var old = state.Store.Get(request.Kind, request.Path.Namespace, request.Path.Name);
        if (old is null)
            return ApiStatus.NotFound(request.Kind, request.Path.Name);
        var target = EventForms.View(request.Kind, old).Copy();
        var outcome = request.ContentType switch
        {
            "application/merge-patch+json" => MergePatch.Apply(target, request.Body),
            "application/strategic-merge-patch+json" => StrategicMergePatch.Apply(target, request.Body),
            "application/json-patch+json" => JsonPatch.Apply(target, request.Body),
            _ => null,
        };
        if (outcome is null)
            return ApiStatus.Unsupported(request.ContentType);
        if (outcome.Patched is not { } patched)
            return ApiStatus.Failure(422, "Invalid", "the server rejected our request due to an error in our request: " + outcome.Problem);
        return Replace(request, old, EventForms.Stored(request.Kind, patched));
    }

    public ApiResult Delete(ApiRequest request)
    {
        var old = state.Store.Get(request.Kind, request.Path.Namespace, request.Path.Name);
        if (old is null)
            return ApiStatus.NotFound(request.Kind, request.Path.Name);
        if (Evictions.Precondition(request.Kind, old, request.Body) is { } conflict)
            return conflict;
        if (!request.DryRun)
            state.Store.Remove(request.Kind, request.Path.Namespace, request.Path.Name);
        return ApiStatus.Success(200, new JsonObject { ["name"] = old.Name(), ["group"] = request.Kind.Group, ["kind"] = request.Kind.Plural, ["uid"] = old.Text("metadata", "uid") });
    }

    /// <summary>The body in stored form with kind, version and namespace checked against the URL.</summary>
    private static ApiResult? Candidate(ApiRequest request, string name, out JsonObject value)
    {
        value = request.Body as JsonObject ?? [];
        var kind = request.Kind;
        if (request.Body is not JsonObject sent || sent["metadata"] is not (null or JsonObject))
            return ApiStatus.BadRequest($"the body must be a {kind.Kind} object with metadata");
        if (sent.Text("kind") is { Length: > 0 } sentKind && sentKind != kind.Kind)
            return ApiStatus.BadRequest($"{sentKind} in version \"{sent.Text("apiVersion")}\" cannot be handled as a {kind.Kind}");
        if (sent.Text("apiVersion") is { Length: > 0 } version && version != kind.ApiVersion)
            return ApiStatus.BadRequest($"the API version in the data ({version}) does not match the expected API version ({kind.ApiVersion})");
        if (name.Length > 0 && sent.Name() is { Length: > 0 } sentName && sentName != name)
            return ApiStatus.BadRequest($"the name of the object ({sentName}) does not match the name on the URL ({name})");
        if (kind.Namespaced && sent.Namespace() is { Length: > 0 } ns && ns != request.Path.Namespace)
            return ApiStatus.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        value = EventForms.Stored(kind, sent.Copy());
        return null;
    }

    private ApiResult Insert(ApiRequest request, JsonObject value)
    {
        var (kind, ns) = (request.Kind, request.Path.Namespace);
        if (kind.Namespaced && state.Store.Get(ResourceKinds.Namespaces, "", ns) is null)
            return ApiStatus.NotFound(ResourceKinds.Namespaces, ns);
        if (state.Store.Count(kind) >= state.Options.ObjectLimit)
            return ApiStatus.Failure(403, "Forbidden", $"{kind.Plural} is forbidden: exceeded quota: {state.Options.ObjectLimit} objects; delete some first");
        Identify(request, value);
        if (ResourceRules.Check(kind, value) is { } invalid)
            return invalid;
        if (!request.DryRun)
            value = state.Store.Put(kind, value);
        events.Trim();
        return new ApiResult(201, EventForms.View(kind, value));
    }

    private void Identify(ApiRequest request, JsonObject value)
    {
        var kind = request.Kind.Storage == ResourceKinds.Events.Storage ? ResourceKinds.Events : request.Kind;
        var fresh = state.Create(kind, request.Path.Namespace, value.Name(), request.Now);
        var metadata = value.Child("metadata");
        foreach (var (name, field) in fresh.Metadata())
            metadata[name] = field?.DeepClone();
        metadata.Remove("resourceVersion");
        (value["apiVersion"], value["kind"]) = (kind.ApiVersion, kind.Kind);
        if (kind.HasStatus)
            value["status"] = kind == ResourceKinds.Namespaces ? new JsonObject { ["phase"] = "Active" } : new JsonObject();
    }

    private ApiResult Replace(ApiRequest request, JsonObject old, JsonObject value)
    {
        var (kind, name) = (request.Kind, request.Path.Name);
        var metadata = value.Child("metadata");
        if (metadata.Text("resourceVersion") is { Length: > 0 } version && version != "0" && version != old.Text("metadata", "resourceVersion"))
            return ApiStatus.Modified(kind, name);
        if (metadata.Text("uid") is { Length: > 0 } uid && uid != old.Text("metadata", "uid"))
            return ApiStatus.Conflict(kind, name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {old.Text("metadata", "uid")}");
        Keep(old, value, request.Path.Subresource);
        if (ResourceRules.Check(kind, value) is { } invalid)
            return invalid;
        if (JsonNode.DeepEquals(old, value) || request.DryRun)
            return new ApiResult(200, EventForms.View(kind, value));
        if (kind.Generations && !JsonNode.DeepEquals(old["spec"], value["spec"]))
            value.Metadata()["generation"] = old.Number("metadata", "generation") + 1;
        state.Store.Put(kind, value);
        if (kind == ResourceKinds.Nodes)
            nodeControl.Updated(old, value, request.UserAgent, request.Now);
        return new ApiResult(200, EventForms.View(kind, value));

        // The status subresource writes status alone, the object itself everything else; identity never changes.
        void Keep(JsonObject from, JsonObject to, string subresource)
        {
            foreach (var field in _fixedMetadata)
                Restore(from.Metadata(), to.Metadata(), field);
            Restore(from.Metadata(), to.Metadata(), "resourceVersion");
            Restore(from, to, "apiVersion");
            Restore(from, to, "kind");
            if (kind.HasStatus)
                Restore(from, to, subresource == "status" ? "spec" : "status");
        }
    }

    private static void Restore(JsonObject from, JsonObject to, string field)
    {
        if (from.TryGetPropertyValue(field, out var kept))
            to[field] = kept?.DeepClone();
        else
            to.Remove(field);
    }
}
