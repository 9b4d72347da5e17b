using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>Builds a Pod from the fleet's pod, and its status as it starts, crashes and ends.</summary>
internal static class PodObject
{
    public static JsonObject Build(ClusterState state, SimulatedPod pod, string ownerUid, bool nodeReady, DateTimeOffset now)
    {
        var value = state.Create(ResourceKinds.Pods, pod.Namespace, pod.Name, now, pod.Uid);
        value.Metadata()["labels"] = JsonFields.Map(Labels(pod));
        if (pod.OwnerKind.Length > 0)
            value.Metadata()["ownerReferences"] = new JsonArray(Owner(pod, ownerUid));
        // What marks a static pod, which kubectl drain leaves alone.
        if (pod.OwnerKind == "Node")
            value.Metadata()["annotations"] = new JsonObject { ["kubernetes.io/config.mirror"] = pod.Uid };
        value["spec"] = Spec(pod);
        value["status"] = Status(pod, nodeReady, restarts: 0, started: pod.Running, state.Next(), now);
        return value;
    }

    /// <summary>The fleet's labels and the job the pod works for.</summary>
    public static Dictionary<string, string> Labels(SimulatedPod pod)
    {
        var labels = new Dictionary<string, string>(pod.Labels, StringComparer.Ordinal);
        if (pod.Job.Length > 0)
            labels.TryAdd("job-name", pod.Job);
        return labels;
    }

    /// <summary>A copy with its status turned. A pod that ran once waits in CrashLoopBackOff when it stops, and counts a restart when it returns.</summary>
    public static JsonObject WithStatus(JsonObject value, SimulatedPod pod, bool nodeReady, DateTimeOffset now)
    {
        var turned = value.Copy();
        var container = turned.Objects("status", "containerStatuses").FirstOrDefault() ?? [];
        var ran = turned.Text("status", "phase") == "Running";
        var restarts = container.Number("restartCount") + (pod.Running && ran && container.At("state", "waiting") is not null ? 1 : 0);
        var status = Status(pod, nodeReady, restarts, ran || pod.Running, 0, now);
        status["podIP"] = turned.At("status", "podIP")?.DeepClone();
        status["podIPs"] = turned.At("status", "podIPs")?.DeepClone();
        status["startTime"] = turned.At("status", "startTime")?.DeepClone();
        turned["status"] = status;
        return turned;
    }

    public static bool IsReady(JsonObject pod) =>
        pod.Objects("status", "conditions").Any(condition => condition.Text("type") == "Ready" && condition.Text("status") == "True");

    public static bool IsTerminating(JsonObject pod) => pod.Metadata().ContainsKey("deletionTimestamp");

    /// <summary>The controlling owner as kind and name; empty when there is none.</summary>
    public static (string Kind, string Name) OwnerOf(JsonObject pod) =>
        pod.Objects("metadata", "ownerReferences").FirstOrDefault() is { } owner ? (owner.Text("kind"), owner.Text("name")) : ("", "");

    private static JsonObject Owner(SimulatedPod pod, string uid) => new()
    {
        ["apiVersion"] = pod.OwnerKind switch
        {
            "Node" or "ReplicationController" => "v1",
            "Job" => "batch/v1",
            "DaemonSet" or "ReplicaSet" or "StatefulSet" => "apps/v1",
            _ => "kubeflow.org/v1",
        },
        ["kind"] = pod.OwnerKind,
        ["name"] = pod.OwnerName,
        ["uid"] = uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    private static JsonObject Spec(SimulatedPod pod)
    {
        var spec = new JsonObject
        {
            ["nodeName"] = pod.Node,
            ["restartPolicy"] = pod.OwnerKind == "DaemonSet" ? "Always" : "OnFailure",
            ["terminationGracePeriodSeconds"] = 30,
            ["schedulerName"] = "default-scheduler",
            ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = "registry.local/fleet/main:1", ["resources"] = new JsonObject() }),
        };
        if (pod.OwnerKind == "DaemonSet")
            spec["tolerations"] = new JsonArray(new JsonObject { ["operator"] = "Exists" });
        return spec;
    }

    private static JsonObject Status(SimulatedPod pod, bool nodeReady, int restarts, bool started, long number, DateTimeOffset now)
    {
        var ready = pod.Running && nodeReady;
        var address = $"10.{128 + (number / 62_500 % 100)}.{number / 250 % 250}.{(number % 250) + 1}";
        return new JsonObject
        {
            ["phase"] = started ? "Running" : "Pending",
            ["conditions"] = new JsonArray(
                Condition("PodScheduled", true, now), Condition("Initialized", true, now),
                Condition("ContainersReady", ready, now), Condition("Ready", ready, now)),
            ["podIP"] = address,
            ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address }),
            ["startTime"] = JsonFields.Stamp(now),
            ["qosClass"] = "BestEffort",
            ["containerStatuses"] = new JsonArray(new JsonObject
            {
                ["name"] = "main",
                ["image"] = "registry.local/fleet/main:1",
                ["imageID"] = "",
                ["ready"] = pod.Running,
                ["started"] = pod.Running,
                ["restartCount"] = restarts,
                ["state"] = pod.Running
                    ? new JsonObject { ["running"] = new JsonObject { ["startedAt"] = JsonFields.Stamp(now) } }
                    : new JsonObject { ["waiting"] = new JsonObject { ["reason"] = started ? "CrashLoopBackOff" : "ContainerCreating" } },
            }),
        };
    }

    private static JsonObject Condition(string type, bool holds, DateTimeOffset now) => new()
    {
        ["type"] = type,
        ["status"] = holds ? "True" : "False",
        ["lastTransitionTime"] = JsonFields.Stamp(now),
    };
}
