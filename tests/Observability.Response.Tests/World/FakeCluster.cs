using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using k8s;

namespace Observability.Response.Tests;

/// <summary>
/// A small Kubernetes API server: nodes with versions and merge patches, pods, evictions with disruption budgets. It
/// records writes, and a script may make it fail.
/// </summary>
internal sealed class FakeCluster
{
    private readonly SortedDictionary<string, JsonObject> _nodes = new(StringComparer.Ordinal);
    private readonly List<JsonObject> _pods = [];
    private long _version = 100;

    /// <summary>Called before each request with method and path; a status makes the request fail without effect.</summary>
    public Func<string, string, int?> Before { get; set; } = (_, _) => null;

    /// <summary>Called after each request that succeeded; true loses the answer.</summary>
    public Func<string, string, bool> LosesAnswer { get; set; } = (_, _) => false;

    /// <summary><c>node-000 cordoned</c>, <c>node-000 schedulable</c>, <c>evicted a/b</c>, in order.</summary>
    public List<string> Writes { get; } = [];

    public HashSet<string> Budgeted { get; } = new(StringComparer.Ordinal);

    public Kubernetes InProcess() => new(new KubernetesClientConfiguration { Host = "http://cluster.test" }, new Handler(this));

    public void AddNode(string name, bool cordoned = false) => _nodes[name] = new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Node",
        ["metadata"] = new JsonObject { ["name"] = name, ["resourceVersion"] = Next(), ["annotations"] = new JsonObject { ["kept"] = "yes" } },
        ["spec"] = cordoned ? new JsonObject { ["unschedulable"] = true } : [],
    };

    public void RemoveNode(string name) => _nodes.Remove(name);

    public void AddPod(string ns, string name, string node, string owner = "PyTorchJob", string job = "") => _pods.Add(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = ns,
            ["uid"] = $"uid-{name}",
            ["labels"] = job.Length > 0 ? new JsonObject { ["training.kubeflow.org/job-name"] = job } : [],
            ["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "v1", ["kind"] = owner, ["name"] = "owner", ["uid"] = "u" }),
        },
        ["spec"] = new JsonObject { ["nodeName"] = node, ["containers"] = new JsonArray() },
        ["status"] = new JsonObject { ["phase"] = "Running" },
    });

    public bool IsCordoned(string node) => (bool?)_nodes[node]["spec"]!["unschedulable"] ?? false;

    public string[] Annotations(string node) => [.. ((JsonObject)_nodes[node]["metadata"]!["annotations"]!).Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal)];

    public string[] Taints(string node) => [.. (_nodes[node]["spec"]!["taints"] as JsonArray ?? []).Select(taint => $"{taint!["key"]}={taint["value"]}:{taint["effect"]}")];

    /// <summary>Somebody else writes the node.</summary>
    public void Touch(string node) => _nodes[node]["metadata"]!["resourceVersion"] = Next();

    public (int Status, string Body) Answer(string method, string path, string query, string body)
    {
        if (Before(method, path) is { } status)
            return Status(status, "scripted");
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var answer = parts switch
        {
            ["api", "v1", "nodes", var name] => Node(method, name, body),
            ["api", "v1", "pods"] => Pods(query),
            ["api", "v1", "namespaces", var ns, "pods", var pod, "eviction"] => Evict(ns, pod, body),
            _ => Status(404, $"no such path {path}"),
        };
        if (answer.Item1 < 300 && LosesAnswer(method, path))
            throw new HttpRequestException("connection reset");
        return answer;
    }

    private (int, string) Node(string method, string name, string body)
    {
        if (!_nodes.TryGetValue(name, out var node))
            return Status(404, $"nodes \"{name}\" not found");
        if (method == "PATCH")
        {
            var patch = (JsonObject)JsonNode.Parse(body)!;
            if (patch["metadata"]?["resourceVersion"] is { } stated && (string?)stated != (string?)node["metadata"]!["resourceVersion"])
                return Status(409, "the object has been modified");
            var before = IsCordoned(name);
            Merge(node, patch);
            node["metadata"]!["resourceVersion"] = Next();
            if (IsCordoned(name) != before)
                Writes.Add($"{name} {(before ? "schedulable" : "cordoned")}");
        }

        return (200, node.ToJsonString());
    }

    private (int, string) Pods(string query)
    {
        var node = Uri.UnescapeDataString(query).Split("spec.nodeName=")[^1].Split('&')[0].TrimEnd('/');
        var items = _pods.Where(pod => (string?)pod["spec"]!["nodeName"] == node).Select(pod => pod.DeepClone());
        return (200, new JsonObject { ["kind"] = "PodList", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["items"] = new JsonArray([.. items]) }.ToJsonString());
    }

    private (int, string) Evict(string ns, string name, string body)
    {
        var pod = _pods.Find(one => (string?)one["metadata"]!["name"] == name && (string?)one["metadata"]!["namespace"] == ns);
        if (pod is null)
            return Status(404, "pod not found");
        if ((string?)JsonNode.Parse(body)!["deleteOptions"]?["preconditions"]?["uid"] != (string?)pod["metadata"]!["uid"])
            return Status(409, "uid");
        if (Budgeted.Contains($"{ns}/{name}"))
            return (429, """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","reason":"TooManyRequests","code":429,"details":{"causes":[{"reason":"DisruptionBudget","message":"needs 1 healthy pod"}]}}""");
        _pods.Remove(pod);
        Writes.Add($"evicted {ns}/{name}");
        return (201, """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","code":201}""");
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (key, value) in patch)
        {
            if (value is null)
                target.Remove(key);
            else if (value is JsonObject inner && target[key] is JsonObject known)
                Merge(known, inner);
            else
                target[key] = Stripped(value);
        }
    }

    private static JsonNode Stripped(JsonNode value)
    {
        if (value is not JsonObject inner)
            return value.DeepClone();
        var kept = new JsonObject();
        Merge(kept, inner);
        return kept;
    }

    private string Next() => (++_version).ToString(CultureInfo.InvariantCulture);

    private static (int, string) Status(int code, string message) =>
        (code, new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Failure", ["message"] = message, ["code"] = code }.ToJsonString());

    private sealed class Handler(FakeCluster cluster) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            var (status, text) = cluster.Answer(request.Method.Method, request.RequestUri!.AbsolutePath, request.RequestUri.Query, body);
            return new HttpResponseMessage((System.Net.HttpStatusCode)status) { RequestMessage = request, Content = new StringContent(text, Encoding.UTF8, "application/json") };
        }
    }
}
