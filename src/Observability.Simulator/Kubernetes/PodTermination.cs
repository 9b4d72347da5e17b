using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>Ends a pod as the API does: it is marked, the fleet is told, and it goes when the fleet no longer runs it.</summary>
internal sealed class PodTermination(ClusterState state, ClusterEvents events)
{
    /// <summary>Marks the pod and tells the fleet, once; a second call changes nothing.</summary>
    public JsonObject Terminate(JsonObject pod, int graceSeconds, DateTimeOffset now)
    {
        if (PodObject.IsTerminating(pod))
            return pod;
        var marked = pod.Copy();
        marked.Metadata()["deletionTimestamp"] = JsonFields.Stamp(now.AddSeconds(graceSeconds));
        marked.Metadata()["deletionGracePeriodSeconds"] = graceSeconds;
        state.Store.Put(ResourceKinds.Pods, marked);
        events.Record(marked, "kubelet", "Killing", "Stopping container main", now);
        state.Workloads.Evict(marked.Namespace(), marked.Name(), now);
        return marked;
    }

    /// <summary>The grace period a DeleteOptions asks for, or the pod's own.</summary>
    public static int Grace(JsonObject pod, JsonNode? deleteOptions) =>
        deleteOptions is JsonObject options && options["gracePeriodSeconds"] is not null
            ? Math.Max(0, options.Number("gracePeriodSeconds"))
            : pod.Number("spec", "terminationGracePeriodSeconds");
}
