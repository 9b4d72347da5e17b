using System.Globalization;
using System.Text.Json;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads node, pod and job objects of the Kubernetes API: one object, or a list as <c>kubectl get nodes,pods -A -o json</c> prints it. Items of
/// <c>NodeList</c> and <c>PodList</c> name no kind of their own.
/// <code>{"kind":"NodeList","metadata":{"resourceVersion":"812345"},"items":[{"metadata":{"name":"gpu-17","labels":{…}},"spec":{"unschedulable":true},"status":{"conditions":[{"type":"Ready","status":"True"}],"nodeInfo":{"bootID":"…"}}}]}</code>
/// </summary>
internal sealed class KubernetesReader
{
    // The kinds as the beginning of a document writes them, alone and as a list.
    private static readonly byte[][] Kinds =
    [
        .. new[] { "Node", "Pod" }.Concat(KubernetesJobKind.All.Select(kind => kind.Kind)).Distinct()
            .SelectMany(kind => new[] { $"\"{kind}\"", $"\"{kind}List\"" }).Select(System.Text.Encoding.UTF8.GetBytes),
    ];

    /// <summary>Nodes read so far.</summary>
    public List<KubernetesNode> Nodes { get; } = [];

    /// <summary>Pods read so far.</summary>
    public List<KubernetesPod> Pods { get; } = [];

    /// <summary>Job objects read so far.</summary>
    public List<KubernetesJob> Jobs { get; } = [];

    /// <summary>What was refused and why.</summary>
    public List<string> Refused { get; } = [];

    /// <summary>True where a document begins like a list or object of these kinds.</summary>
    public static bool Recognises(ReadOnlySpan<byte> head)
    {
        if (head.IndexOf("\"apiVersion\""u8) < 0)
            return false;
        if (head.IndexOf("\"List\""u8) >= 0 && head.IndexOf("\"items\""u8) >= 0)
            return true;
        foreach (var kind in Kinds)
        {
            if (head.IndexOf(kind) >= 0)
                return true;
        }

        return false;
    }

    /// <summary>Reads a list or an object; other kinds in a list are passed over.</summary>
    public void Read(JsonElement root)
    {
        var (version, kind) = (root.Text("apiVersion"), root.Text("kind"));
        if (!kind.EndsWith("List", StringComparison.Ordinal))
        {
            Add(root, (version, kind), "object");
            return;
        }

        var index = 0;
        foreach (var item in root.Items("items"))
            Add(item, item.Text("kind") is { Length: > 0 } own ? (item.Text("apiVersion"), own) : (version, kind[..^4]), $"items[{index++}]");
    }

    /// <summary>A node; null where it has no name.</summary>
    public static KubernetesNode? NodeOf(JsonElement item)
    {
        var (metadata, spec, status) = (item.Get("metadata"), item.Get("spec"), item.Get("status"));
        var info = status.Get("nodeInfo");
        return metadata.Text("name") is not { Length: > 0 } name ? null : new KubernetesNode(name)
        {
            Labels = Map(metadata.Get("labels")),
            Unschedulable = spec.Text("unschedulable") == "true",
            BootId = info.Text("bootID"),
            KernelVersion = info.Text("kernelVersion"),
            KubeletVersion = info.Text("kubeletVersion"),
            Conditions = [.. status.Items("conditions").Select(condition => new KubernetesCondition(
                condition.Text("type"), condition.Text("status"), condition.Text("reason"), condition.Text("message"), Time(condition.Text("lastTransitionTime"))))],
        };
    }

    /// <summary>A pod; null where it has no name.</summary>
    public static KubernetesPod? PodOf(JsonElement item)
    {
        var (metadata, spec, status) = (item.Get("metadata"), item.Get("spec"), item.Get("status"));
        if (metadata.Text("name") is not { Length: > 0 } name)
            return null;
        var containers = spec.Items("containers").ToList();
        return new KubernetesPod(metadata.Text("namespace") is { Length: > 0 } space ? space : "default", name)
        {
            Uid = metadata.Text("uid"),
            Node = spec.Text("nodeName"),
            Phase = status.Text("phase"),
            Reason = status.Text("reason") is { Length: > 0 } reason ? reason : EndOf(status),
            Started = Time(status.Text("startTime")),
            Labels = Map(metadata.Get("labels")),
            Annotations = Map(metadata.Get("annotations")),
            Environment = LabelSet.From(containers.SelectMany(container => container.Items("env"))
                .Where(variable => variable.Text("name").Length > 0).Select(variable => KeyValuePair.Create(variable.Text("name"), variable.Text("value")))),
            Gpus = containers.Sum(container => Gpus(container.Get("resources").Get("limits"))),
        };
    }

    /// <summary>GPUs of a container's limits.</summary>
    public static int Gpus(JsonElement limits)
    {
        foreach (var resource in (string[])["nvidia.com/gpu", "amd.com/gpu", "huawei.com/Ascend910"])
        {
            if (int.TryParse(limits.Text(resource), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                return Math.Min(count, 1_024);
        }

        return 0;
    }

    private static string EndOf(JsonElement status) => status.Items("containerStatuses")
        .Select(container => container.Get("state").Get("terminated").Text("reason")).FirstOrDefault(reason => reason.Length > 0 && reason != "Completed", "");

    private static LabelSet Map(JsonElement map) => map.ValueKind != JsonValueKind.Object ? LabelSet.Empty
        : LabelSet.From(map.EnumerateObject().Select(pair => KeyValuePair.Create(pair.Name, map.Text(pair.Name))));

    /// <summary>A moment as objects write it; null where it is none.</summary>
    public static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;

    private void Add(JsonElement item, (string Version, string Kind) type, string where)
    {
        var kind = type.Kind;
        var job = KubernetesJobKind.Of(type.Version, kind);
        if (kind == "Node" && NodeOf(item) is { } node)
            Nodes.Add(node);
        else if (kind == "Pod" && PodOf(item) is { } pod)
            Pods.Add(pod);
        else if (job?.JobOf(item) is { } read)
            Jobs.Add(read);
        else if (kind is "Node" or "Pod" || job is not null)
            Refused.Add($"{where}: a {kind} without metadata.name");
    }
}
