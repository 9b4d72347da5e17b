using System.Globalization;
using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>The columns of each kind, as the real server prints them.</summary>
internal static class TableColumns
{
    private const string None = "<none>";

    private static readonly TableColumn _name = new("Name", (item, _) => item.Name());
    private static readonly TableColumn _age = new("Age", (item, now) => Age(item.Text("metadata", "creationTimestamp"), now));

    private static readonly TableColumn[] _nodes =
    [
        _name,
        new("Status", (item, _) => NodeStatus(item)),
        new("Roles", (item, _) => Roles(item)),
        _age,
        Field("Version", "status", "nodeInfo", "kubeletVersion"),
        new("Internal-IP", (item, _) => Address(item, "InternalIP"), Wide: true),
        new("External-IP", (item, _) => Address(item, "ExternalIP"), Wide: true),
        Field("OS-Image", "status", "nodeInfo", "osImage") with { Wide = true },
        Field("Kernel-Version", "status", "nodeInfo", "kernelVersion") with { Wide = true },
        Field("Container-Runtime", "status", "nodeInfo", "containerRuntimeVersion") with { Wide = true },
    ];

    private static readonly TableColumn[] _pods =
    [
        _name,
        new("Ready", (item, _) => $"{Containers(item).Count(container => container.Flag("ready"))}/{Containers(item).Count()}"),
        new("Status", (item, _) => PodStatus(item)),
        new("Restarts", (item, _) => Containers(item).Sum(container => container.Number("restartCount")).ToString(CultureInfo.InvariantCulture)),
        _age,
        Field("IP", "status", "podIP") with { Wide = true },
        Field("Node", "spec", "nodeName") with { Wide = true },
        new("Nominated Node", (_, _) => None, Wide: true),
        new("Readiness Gates", (_, _) => None, Wide: true),
    ];

    private static readonly TableColumn[] _events =
    [
        new("Last Seen", (item, now) => Age(Seen(item, "lastTimestamp", "deprecatedLastTimestamp"), now)),
        Field("Type", "type"),
        Field("Reason", "reason"),
        new("Object", (item, _) => About(item)),
        new("Source", (item, _) => First(item.Text("source", "component"), item.Text("deprecatedSource", "component"), item.Text("reportingController")), Wide: true),
        new("Message", (item, _) => First(item.Text("message"), item.Text("note"))),
        new("First Seen", (item, now) => Age(Seen(item, "firstTimestamp", "deprecatedFirstTimestamp"), now), Wide: true),
        new("Count", (item, _) => First(item.Text("count"), item.Text("deprecatedCount"), "1"), Wide: true),
        _name with { Wide = true },
    ];

    private static readonly TableColumn[] _budgets =
    [
        _name,
        new("Min Available", (item, _) => First(item.Text("spec", "minAvailable"), "N/A")),
        new("Max Unavailable", (item, _) => First(item.Text("spec", "maxUnavailable"), "N/A")),
        Field("Allowed Disruptions", "status", "disruptionsAllowed") with { Type = "integer" },
        _age,
    ];

    private static readonly TableColumn[] _daemonSets =
    [
        _name,
        Field("Desired", "status", "desiredNumberScheduled") with { Type = "integer" },
        Field("Current", "status", "currentNumberScheduled") with { Type = "integer" },
        Field("Ready", "status", "numberReady") with { Type = "integer" },
        Field("Up-to-date", "status", "updatedNumberScheduled") with { Type = "integer" },
        Field("Available", "status", "numberAvailable") with { Type = "integer" },
        _age,
    ];

    private static readonly TableColumn[] _replicas =
    [
        _name,
        new("Ready", (item, _) => $"{item.Number("status", "readyReplicas")}/{item.Number("spec", "replicas")}"),
        _age,
    ];

    public static IReadOnlyList<TableColumn> Of(ResourceKind kind) => kind.Kind switch
    {
        "Node" => _nodes,
        "Pod" => _pods,
        "Event" => _events,
        "Namespace" => [_name, Field("Status", "status", "phase"), _age],
        "Lease" => [_name, Field("Holder", "spec", "holderIdentity"), _age],
        "PodDisruptionBudget" => _budgets,
        "DaemonSet" => _daemonSets,
        "Job" => [_name, new("Status", (_, _) => "Running"), new("Completions", (item, _) => $"0/{item.Number("spec", "completions")}"), _age],
        _ => _replicas,
    };

    private static TableColumn Field(string name, params string[] path) => new(name, (item, _) => First(item.Text(path), None));

    private static string NodeStatus(JsonObject node) =>
        (NodeObject.IsReady(node) ? "Ready" : "NotReady") + (node.Flag("spec", "unschedulable") ? ",SchedulingDisabled" : "");

    private static string Roles(JsonObject node)
    {
        const string prefix = "node-role.kubernetes.io/";
        var labels = node.At("metadata", "labels") as JsonObject ?? [];
        var roles = labels.Select(pair => pair.Key).Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Select(key => key[prefix.Length..]);
        return First(string.Join(',', roles.Order(StringComparer.Ordinal)), None);
    }

    private static string Address(JsonObject node, string type) =>
        node.Objects("status", "addresses").FirstOrDefault(address => address.Text("type") == type)?.Text("address") ?? None;

    private static IEnumerable<JsonObject> Containers(JsonObject pod) => pod.Objects("status", "containerStatuses");

    private static string PodStatus(JsonObject pod) => PodObject.IsTerminating(pod)
        ? "Terminating"
        : First(Containers(pod).Select(container => container.Text("state", "waiting", "reason")).FirstOrDefault(reason => reason.Length > 0) ?? "", pod.Text("status", "phase"));

    private static string About(JsonObject item)
    {
        var about = item.At("involvedObject") as JsonObject ?? item.At("regarding") as JsonObject ?? [];
        return $"{about.Text("kind").ToLowerInvariant()}/{about.Text("name")}";
    }

    private static string Seen(JsonObject item, string field, string newField) =>
        First(item.Text(field), item.Text(newField), item.Text("eventTime"), item.Text("metadata", "creationTimestamp"));

    private static string Age(string stamp, DateTimeOffset now) =>
        DateTimeOffset.TryParse(stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? HumanDuration.Format(now - at) : "<unknown>";

    private static string First(params ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            if (text.Length > 0 && text != "null")
                return text;
        }

        return "";
    }
}
