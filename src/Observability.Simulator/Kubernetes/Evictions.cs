using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>The eviction subresource and DELETE of a pod.</summary>
internal sealed class Evictions(ClusterState state, DisruptionBudgets budgets, PodTermination termination)
{
    /// <summary>Evicts under the pod's disruption budget: 201, or 404, 409 on a precondition, 429 when the budget says no, 500 under two budgets.</summary>
    public ApiResult Evict(ApiRequest request)
    {
        if (request.Body is not JsonObject eviction || eviction.Text("kind") is not ("Eviction" or ""))
            return ApiStatus.BadRequest("the body of an eviction must be a policy/v1 Eviction object");
        if (eviction.Name() is { Length: > 0 } name && name != request.Path.Name)
            return ApiStatus.BadRequest("name in URL does not match name in Eviction object");
        var options = eviction["deleteOptions"];
        if (Find(request, options, out var pod) is { } refused)
            return refused;
        if (Guarded(pod) && Refusal(pod) is { } denied)
            return Refused(denied);
        if (!Dry(request, options))
            termination.Terminate(pod, PodTermination.Grace(pod, options), request.Now);
        return ApiStatus.Success(201);
    }

    /// <summary>Deletes a pod whatever its budget.</summary>
    public ApiResult Delete(ApiRequest request)
    {
        if (Find(request, request.Body, out var pod) is { } refused)
            return refused;
        var marked = Dry(request, request.Body) ? pod : termination.Terminate(pod, PodTermination.Grace(pod, request.Body), request.Now);
        return new ApiResult(200, marked);
    }

    /// <summary>The conflict of a DeleteOptions' preconditions with the object; null when they hold.</summary>
    public static ApiResult? Precondition(ResourceKind kind, JsonObject value, JsonNode? deleteOptions)
    {
        var conditions = (deleteOptions as JsonObject)?["preconditions"] as JsonObject ?? [];
        var (uid, version) = (conditions.Text("uid"), conditions.Text("resourceVersion"));
        var (ownUid, ownVersion) = (value.Text("metadata", "uid"), value.Text("metadata", "resourceVersion"));
        if (uid.Length > 0 && uid != ownUid)
            return ApiStatus.Conflict(kind, value.Name(), $"Precondition failed: UID in precondition: {uid}, UID in object meta: {ownUid}");
        if (version.Length > 0 && version != ownVersion)
            return ApiStatus.Conflict(kind, value.Name(), $"Precondition failed: ResourceVersion in precondition: {version}, ResourceVersion in object meta: {ownVersion}");
        return null;
    }

    private ApiResult? Find(ApiRequest request, JsonNode? options, out JsonObject pod)
    {
        pod = state.Store.Get(ResourceKinds.Pods, request.Path.Namespace, request.Path.Name) ?? [];
        return pod.Count == 0 ? ApiStatus.NotFound(ResourceKinds.Pods, request.Path.Name) : Precondition(ResourceKinds.Pods, pod, options);
    }

    private static bool Dry(ApiRequest request, JsonNode? options) =>
        request.DryRun || ((options as JsonObject)?["dryRun"] as JsonArray ?? []).Any(value => JsonFields.Scalar(value) == "All");

    // A pod that never started, has ended or is going already disturbs nobody.
    private static bool Guarded(JsonObject pod) =>
        pod.Text("status", "phase") is not ("Pending" or "Succeeded" or "Failed") && !PodObject.IsTerminating(pod);

    private ApiResult? Refusal(JsonObject pod)
    {
        var covering = budgets.Covering(pod);
        if (covering.Count == 0)
            return null;
        if (covering.Count > 1)
            return ApiStatus.Failure(500, "InternalError", "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        var budget = covering[0];
        var (healthy, desired) = (budget.Number("status", "currentHealthy"), budget.Number("status", "desiredHealthy"));
        var broken = !PodObject.IsReady(pod);
        if (broken && (budget.Text("spec", "unhealthyPodEvictionPolicy") == "AlwaysAllow" || (healthy >= desired && desired > 0)))
            return null;
        return budget.Number("status", "disruptionsAllowed") > 0 ? null : TooMany(budget.Name(), healthy, desired);
    }

    private static ApiResult TooMany(string budget, int healthy, int desired)
    {
        var cause = new JsonObject
        {
            ["reason"] = "DisruptionBudget",
            ["message"] = $"The disruption budget {budget} needs {desired} healthy pods and has {healthy} currently",
        };
        return ApiStatus.Failure(
            429,
            "TooManyRequests",
            "Cannot evict pod as it would violate the pod's disruption budget.",
            new JsonObject { ["causes"] = new JsonArray(cause) });
    }

    private static ApiResult Refused(ApiResult denied)
    {
        KubernetesMetrics.EvictionsRefused.Add(1);
        return denied;
    }
}
