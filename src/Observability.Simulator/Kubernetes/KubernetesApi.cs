using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Observability.Simulator;

/// <summary>The part of the Kubernetes API that the platform uses: nodes, pods, cordon, taint, annotations, eviction.</summary>
public sealed class KubernetesApi(IClusterWorkloads workloads, TimeProvider clock)
{
    private const string UnschedulableTaint = "node.kubernetes.io/unschedulable";
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, JsonObject> _nodes = new(StringComparer.Ordinal);
    private long _version = 1_000;

    /// <summary>Every cordon and release, in the order they happened: the cluster's own record.</summary>
    public List<CordonChange> Cordons { get; } = [];

    /// <summary>Maps the API.</summary>
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/version", () => Json(new JsonObject { ["major"] = "1", ["minor"] = "34", ["gitVersion"] = "v1.34.0" }));
        app.MapGet("/api/v1/nodes", ListNodes);
        app.MapGet("/api/v1/nodes/{name}", (string name) => Find(name, node => Json(node)));
        app.MapPatch("/api/v1/nodes/{name}", PatchAsync);
        app.MapGet("/api/v1/pods", (string? fieldSelector) => ListPods(fieldSelector, null));
        app.MapGet("/api/v1/namespaces/{ns}/pods", (string ns, string? fieldSelector) => ListPods(fieldSelector, ns));
        app.MapPost("/api/v1/namespaces/{ns}/pods/{pod}/eviction", EvictAsync);
    }

    private IResult ListNodes()
    {
        lock (_gate)
        {
            Refresh();
            return Json(List("NodeList", _nodes.Values));
        }
    }

    private IResult Find(string name, Func<JsonObject, IResult> answer)
    {
        lock (_gate)
        {
            Refresh();
            return _nodes.TryGetValue(name, out var node) ? answer(node) : Status(404, "NotFound", $"nodes \"{name}\" not found");
        }
    }

    private async Task<IResult> PatchAsync(string name, HttpContext http)
    {
        var patch = await JsonNode.ParseAsync(http.Request.Body) as JsonObject;
        var type = http.Request.ContentType ?? "";
        if (patch is null || !(type.Contains("merge-patch", StringComparison.Ordinal)))
            return Status(415, "UnsupportedMediaType", $"the body of the request was in an unknown format: {type}; use a merge or strategic merge patch");
        return Find(name, node =>
        {
            var stated = (string?)patch["metadata"]?["resourceVersion"];
            if (stated is not null && stated != (string?)node["metadata"]!["resourceVersion"])
                return Status(409, "Conflict", $"Operation cannot be fulfilled on nodes \"{name}\": the object has been modified; please apply your changes to the latest version and try again");
            var before = IsCordoned(node);
            JsonMerge.Apply(node, patch, strategic: type.Contains("strategic", StringComparison.Ordinal));
            AfterPatch(name, node, before, http.Request.Headers.UserAgent.ToString());
            return Json(node);
        });
    }

    private void AfterPatch(string name, JsonObject node, bool wasCordoned, string agent)
    {
        node["metadata"]!["resourceVersion"] = $"{++_version}";
        var cordoned = IsCordoned(node);
        if (cordoned == wasCordoned)
            return;
        var spec = (JsonObject)node["spec"]!;
        var taints = spec["taints"] as JsonArray ?? [];
        var kept = taints.Where(taint => (string?)taint!["key"] != UnschedulableTaint).Select(taint => taint!.DeepClone()).ToList();
        if (cordoned)
            kept.Add(new JsonObject { ["key"] = UnschedulableTaint, ["effect"] = "NoSchedule" });
        spec["taints"] = new JsonArray([.. kept]);
        Cordons.Add(new CordonChange(name, cordoned, clock.GetUtcNow(), agent));
        workloads.SetSchedulable(name, !cordoned, clock.GetUtcNow());
    }

    private IResult ListPods(string? fieldSelector, string? ns)
    {
        const string byNode = "spec.nodeName=";
        var node = fieldSelector is not null && fieldSelector.StartsWith(byNode, StringComparison.Ordinal) ? fieldSelector[byNode.Length..] : null;
        var pods = workloads.Pods.Where(pod => (node is null || pod.Node == node) && (ns is null || pod.Namespace == ns)).Select(Pod);
        return Json(List("PodList", pods));
    }

    private async Task<IResult> EvictAsync(string ns, string pod, HttpContext http)
    {
        var body = await JsonNode.ParseAsync(http.Request.Body);
        if (workloads.Pods.FirstOrDefault(known => known.Namespace == ns && known.Name == pod) is not { } found)
            return Status(404, "NotFound", $"pods \"{pod}\" not found");
        var uid = (string?)body?["deleteOptions"]?["preconditions"]?["uid"];
        if (uid is not null && uid != found.Uid)
            return Status(409, "Conflict", $"Precondition failed: UID in precondition: {uid}, UID in object meta: {found.Uid}");
        workloads.Evict(ns, pod, clock.GetUtcNow());
        return Json(new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = 201 }, 201);
    }

    private void Refresh()
    {
        foreach (var node in workloads.Nodes)
        {
            if (!_nodes.TryGetValue(node.Name, out var known))
            {
                _nodes[node.Name] = known = new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "Node",
                    ["metadata"] = new JsonObject
                    {
                        ["name"] = node.Name,
                        ["uid"] = $"uid-{node.Name}",
                        ["resourceVersion"] = $"{++_version}",
                        ["labels"] = new JsonObject(node.Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)JsonValue.Create(label.Value)))),
                        ["annotations"] = new JsonObject(),
                    },
                    ["spec"] = new JsonObject(),
                    ["status"] = new JsonObject { ["capacity"] = new JsonObject { ["nvidia.com/gpu"] = "8" }, ["allocatable"] = new JsonObject { ["nvidia.com/gpu"] = "8" } },
                };
            }

            known["status"]!["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = node.Ready ? "True" : "Unknown" });
        }
    }

    private static bool IsCordoned(JsonObject node) => (bool?)node["spec"]!["unschedulable"] ?? false;

    private static JsonObject Pod(SimulatedPod pod) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject
        {
            ["name"] = pod.Name,
            ["namespace"] = pod.Namespace,
            ["uid"] = pod.Uid,
            ["labels"] = new JsonObject(pod.Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)JsonValue.Create(label.Value)))),
            ["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "kubeflow.org/v1", ["kind"] = pod.OwnerKind, ["name"] = pod.OwnerName, ["uid"] = $"uid-{pod.OwnerName}", ["controller"] = true }),
        },
        ["spec"] = new JsonObject { ["nodeName"] = pod.Node, ["containers"] = new JsonArray(new JsonObject { ["name"] = "trainer", ["image"] = "trainer" }) },
        ["status"] = new JsonObject { ["phase"] = pod.Running ? "Running" : "Pending" },
    };

    private JsonObject List(string kind, IEnumerable<JsonObject> items) => new()
    {
        ["kind"] = kind,
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject { ["resourceVersion"] = $"{_version}" },
        ["items"] = new JsonArray([.. items.Select(item => item.DeepClone())]),
    };

    private static IResult Status(int code, string reason, string message) => Json(
        new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Failure", ["message"] = message, ["reason"] = reason, ["code"] = code }, code);

    private static IResult Json(JsonNode node, int status = 200) =>
        Results.Text(node.ToJsonString(), "application/json", Encoding.UTF8, status);
}
