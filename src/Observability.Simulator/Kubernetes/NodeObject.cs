using System.Globalization;
using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>Builds a Node from the fleet's node, and what the kubelet and the node controller say of it later.</summary>
internal static class NodeObject
{
    public static JsonObject Build(ClusterState state, SimulatedNode node, int number, DateTimeOffset now)
    {
        var value = state.Create(ResourceKinds.Nodes, "", node.Name, now);
        value.Metadata()["labels"] = JsonFields.Map(Labels(state, node));
        value.Metadata()["annotations"] = new JsonObject();
        value["spec"] = new JsonObject { ["podCIDR"] = $"10.{128 + (number / 256)}.{number % 256}.0/24" };
        value["status"] = new JsonObject
        {
            ["addresses"] = new JsonArray(
                new JsonObject { ["type"] = "InternalIP", ["address"] = Address(number) },
                new JsonObject { ["type"] = "Hostname", ["address"] = node.Name }),
            ["capacity"] = Resources(state.Options),
            ["allocatable"] = Resources(state.Options),
            ["conditions"] = new JsonArray(
                Condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available", now),
                Condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure", now),
                Condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available", now),
                Ready(node.Ready, now)),
            ["nodeInfo"] = Info(state.Options, number),
        };
        return value;
    }

    /// <summary>The fleet's labels and those every GPU node carries.</summary>
    public static Dictionary<string, string> Labels(ClusterState state, SimulatedNode node)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["kubernetes.io/hostname"] = node.Name,
            ["kubernetes.io/os"] = "linux",
            ["kubernetes.io/arch"] = "amd64",
            ["nvidia.com/gpu.present"] = "true",
            ["nvidia.com/gpu.count"] = state.Options.GpusPerNode.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (key, label) in node.Labels)
            labels[key] = label;
        return labels;
    }

    /// <summary>A copy with the Ready condition turned: a kubelet that stops posting makes it Unknown, never False.</summary>
    public static JsonObject WithReady(JsonObject node, bool ready, DateTimeOffset now)
    {
        var turned = node.Copy();
        var status = turned.Child("status");
        var others = turned.Objects("status", "conditions").Where(condition => condition.Text("type") != "Ready").Select(condition => condition.DeepClone());
        status["conditions"] = new JsonArray([.. others, Ready(ready, now)]);
        return turned;
    }

    public static bool IsReady(JsonObject node) =>
        node.Objects("status", "conditions").Any(condition => condition.Text("type") == "Ready" && condition.Text("status") == "True");

    private static JsonObject Ready(bool ready, DateTimeOffset now) => ready
        ? Condition("Ready", "True", "KubeletReady", "kubelet is posting ready status", now)
        : Condition("Ready", "Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.", now);

    private static JsonObject Condition(string type, string status, string reason, string message, DateTimeOffset now) => new()
    {
        ["type"] = type,
        ["status"] = status,
        ["lastHeartbeatTime"] = JsonFields.Stamp(now),
        ["lastTransitionTime"] = JsonFields.Stamp(now),
        ["reason"] = reason,
        ["message"] = message,
    };

    private static JsonObject Resources(KubernetesOptions options) => new()
    {
        ["cpu"] = "224",
        ["ephemeral-storage"] = "3750Gi",
        ["memory"] = "2113559552Ki",
        ["nvidia.com/gpu"] = options.GpusPerNode.ToString(CultureInfo.InvariantCulture),
        ["pods"] = "110",
    };

    private static JsonObject Info(KubernetesOptions options, int number) => new()
    {
        ["machineID"] = number.ToString("x32", CultureInfo.InvariantCulture),
        ["systemUUID"] = $"4c4c4544-0000-4000-8000-{number:x12}",
        ["bootID"] = $"b0070000-0000-4000-8000-{number:x12}",
        ["kernelVersion"] = "5.15.0-1074-generic",
        ["osImage"] = "Ubuntu 22.04.5 LTS",
        ["containerRuntimeVersion"] = "containerd://1.7.27",
        ["kubeletVersion"] = options.GitVersion,
        ["kubeProxyVersion"] = options.GitVersion,
        ["operatingSystem"] = "linux",
        ["architecture"] = "amd64",
    };

    private static string Address(int number) => $"10.0.{number / 250}.{(number % 250) + 1}";
}
