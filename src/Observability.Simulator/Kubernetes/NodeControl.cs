using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>
/// What the control plane does when a Node changes: the taint of a cordon, the taints of a silent kubelet, eviction under NoExecute, the
/// record of cordons. It writes after the client's own write, under a later resourceVersion, as the real controllers do.
/// </summary>
internal sealed class NodeControl(ClusterState state, ClusterEvents events, PodTermination termination)
{
    private const string Unschedulable = "node.kubernetes.io/unschedulable";
    private const string Unreachable = "node.kubernetes.io/unreachable";

    private static readonly (string Key, string Effect)[] _owned =
        [(Unschedulable, "NoSchedule"), (Unreachable, "NoSchedule"), (Unreachable, "NoExecute")];

    /// <summary>A client changed a node.</summary>
    public void Updated(JsonObject before, JsonObject after, string userAgent, DateTimeOffset now)
    {
        var cordoned = after.Flag("spec", "unschedulable");
        if (before.Flag("spec", "unschedulable") != cordoned)
        {
            state.Record(new CordonChange(after.Name(), cordoned, now, userAgent));
            state.Workloads.SetSchedulable(after.Name(), !cordoned, now);
            var reason = cordoned ? "NodeNotSchedulable" : "NodeSchedulable";
            events.Record(after, "kubelet", reason, $"Node {after.Name()} status is now: {reason}", now);
        }

        Settle(after, now);
        if (after.Objects("spec", "taints").Any(taint => taint.Text("effect") == "NoExecute" && taint.Text("key") != Unreachable))
            EvictFrom(after.Name(), now);
    }

    /// <summary>Makes the control plane's own taints agree with spec.unschedulable and the Ready condition.</summary>
    public void Settle(JsonObject node, DateTimeOffset now)
    {
        var missing = _owned.Where(taint => Holds(node, taint.Key) && !Has(node, taint)).ToArray();
        var stale = _owned.Where(taint => !Holds(node, taint.Key) && Has(node, taint)).ToArray();
        if (missing.Length == 0 && stale.Length == 0)
            return;
        var settled = node.Copy();
        var kept = settled.Objects("spec", "taints").Where(taint => !stale.Contains((taint.Text("key"), taint.Text("effect"))));
        var added = missing.Select(taint => new JsonObject { ["key"] = taint.Key, ["effect"] = taint.Effect, ["timeAdded"] = JsonFields.Stamp(now) });
        var taints = new JsonArray([.. kept.Select(taint => taint.DeepClone()), .. added]);
        if (taints.Count > 0)
            settled.Child("spec")["taints"] = taints;
        else
            settled.Child("spec").Remove("taints");
        state.Store.Put(ResourceKinds.Nodes, settled);
    }

    private static bool Holds(JsonObject node, string key) =>
        key == Unschedulable ? node.Flag("spec", "unschedulable") : !NodeObject.IsReady(node);

    private static bool Has(JsonObject node, (string Key, string Effect) wanted) =>
        node.Objects("spec", "taints").Any(taint => taint.Text("key") == wanted.Key && taint.Text("effect") == wanted.Effect);

    // Disruption budgets do not hold against NoExecute; only a toleration of everything, as DaemonSet pods have, does here.
    private void EvictFrom(string node, DateTimeOffset now)
    {
        var pods = state.Store.List(ResourceKinds.Pods).Where(pod => pod.Text("spec", "nodeName") == node && !PodObject.IsTerminating(pod));
        foreach (var pod in pods.Where(pod => !pod.Objects("spec", "tolerations").Any(toleration => toleration.Text("operator") == "Exists" && toleration["key"] is null)))
        {
            events.Record(pod, "taint-eviction-controller", "TaintManagerEviction", $"Marking for deletion Pod {pod.Namespace()}/{pod.Name()}", now);
            termination.Terminate(pod, PodTermination.Grace(pod, null), now);
        }
    }
}
