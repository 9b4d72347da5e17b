using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>Makes the stored Nodes, Pods, Leases and Namespaces agree with the fleet; what API clients wrote on them stays.</summary>
internal sealed class WorkloadProjection(ClusterState state, ClusterEvents events, NodeControl nodeControl)
{
    private sealed record SeenPod(SimulatedPod Pod, bool NodeReady);

    private readonly Dictionary<string, SimulatedNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Namespace, string Name), SeenPod> _pods = [];
    private int _nodesEver;

    public PodOwners Owners { get; } = new(state);

    /// <summary>Brings the store up to the fleet's state at this time.</summary>
    public void Reconcile(DateTimeOffset now)
    {
        foreach (var ns in (string[])["default", "kube-node-lease", "kube-public", "kube-system"])
            Namespace(ns, now);
        Nodes(now);
        Leases(now);
        var pods = state.Workloads.Pods;
        Owners.Observe(pods, now);
        Pods(pods, now);
    }

    private void Namespace(string name, DateTimeOffset now)
    {
        if (state.Store.Get(ResourceKinds.Namespaces, "", name) is not null)
            return;
        var value = state.Create(ResourceKinds.Namespaces, "", name, now);
        value.Metadata()["labels"] = new JsonObject { ["kubernetes.io/metadata.name"] = name };
        value["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
        value["status"] = new JsonObject { ["phase"] = "Active" };
        state.Store.Put(ResourceKinds.Namespaces, value);
    }

    private void Nodes(DateTimeOffset now)
    {
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in state.Workloads.Nodes.OrderBy(node => node.Name, StringComparer.Ordinal))
        {
            present.Add(node.Name);
            if (!_nodes.TryGetValue(node.Name, out var seen))
                nodeControl.Settle(state.Store.Put(ResourceKinds.Nodes, NodeObject.Build(state, node, _nodesEver++, now)), now);
            else if (seen.Ready != node.Ready || !Same(seen.Labels, node.Labels))
                Turn(seen, node, now);
            else
                continue;
            _nodes[node.Name] = node with { Labels = new Dictionary<string, string>(node.Labels) };
        }

        foreach (var gone in _nodes.Keys.Where(name => !present.Contains(name)).Order(StringComparer.Ordinal).ToArray())
        {
            _nodes.Remove(gone);
            state.Store.Remove(ResourceKinds.Nodes, "", gone);
            state.Store.Remove(ResourceKinds.Leases, "kube-node-lease", gone);
        }
    }

    private void Turn(SimulatedNode seen, SimulatedNode node, DateTimeOffset now)
    {
        var value = state.Store.Get(ResourceKinds.Nodes, "", node.Name)!.Copy();
        Relabel(value, seen.Labels, NodeObject.Labels(state, node));
        if (seen.Ready != node.Ready)
        {
            value = NodeObject.WithReady(value, node.Ready, now);
            var reason = node.Ready ? "NodeReady" : "NodeNotReady";
            events.Record(value, node.Ready ? "kubelet" : "node-controller", reason, $"Node {node.Name} status is now: {reason}", now);
        }

        nodeControl.Settle(state.Store.Put(ResourceKinds.Nodes, value), now);
    }

    private void Leases(DateTimeOffset now)
    {
        foreach (var node in _nodes.Values.Where(node => node.Ready).OrderBy(node => node.Name, StringComparer.Ordinal))
        {
            var old = state.Store.Get(ResourceKinds.Leases, "kube-node-lease", node.Name);
            if (old is not null && DateTimeOffset.TryParse(old.Text("spec", "renewTime"), out var renewed) && now - renewed < state.Options.LeaseRenewal)
                continue;
            var lease = old?.Copy() ?? state.Create(ResourceKinds.Leases, "kube-node-lease", node.Name, now);
            lease["spec"] = new JsonObject { ["holderIdentity"] = node.Name, ["leaseDurationSeconds"] = 40, ["renewTime"] = JsonFields.MicroStamp(now) };
            state.Store.Put(ResourceKinds.Leases, lease);
        }
    }

    private void Pods(IReadOnlyList<SimulatedPod> pods, DateTimeOffset now)
    {
        var present = new HashSet<(string, string)>(pods.Count);
        var changed = new List<SeenPod>();
        foreach (var pod in pods)
        {
            present.Add((pod.Namespace, pod.Name));
            var current = new SeenPod(pod, _nodes.GetValueOrDefault(pod.Node)?.Ready ?? false);
            if (!IsCurrent(_pods.GetValueOrDefault((pod.Namespace, pod.Name)), current))
                changed.Add(current);
        }

        // Only what changed is put in order: this runs with every request, and mostly nothing changed.
        foreach (var (pod, nodeReady) in changed.OrderBy(seen => seen.Pod.Namespace, StringComparer.Ordinal).ThenBy(seen => seen.Pod.Name, StringComparer.Ordinal))
        {
            if (_pods.GetValueOrDefault((pod.Namespace, pod.Name)) is { } seen && seen.Pod.Uid == pod.Uid)
                Turn(seen, pod, nodeReady, now);
            else
                Start(pod, nodeReady, now);
            _pods[(pod.Namespace, pod.Name)] = new SeenPod(pod with { Labels = new Dictionary<string, string>(pod.Labels) }, nodeReady);
        }

        foreach (var gone in _pods.Keys.Where(key => !present.Contains(key)).Order().ToArray())
        {
            _pods.Remove(gone);
            state.Store.Remove(ResourceKinds.Pods, gone.Namespace, gone.Name);
        }
    }

    private static bool IsCurrent(SeenPod? seen, SeenPod current) =>
        seen is not null && seen.Pod.Uid == current.Pod.Uid && seen.Pod.Running == current.Pod.Running
        && seen.NodeReady == current.NodeReady && Same(seen.Pod.Labels, current.Pod.Labels);

    private void Start(SimulatedPod pod, bool nodeReady, DateTimeOffset now)
    {
        Namespace(pod.Namespace, now);
        state.Store.Remove(ResourceKinds.Pods, pod.Namespace, pod.Name);
        state.Store.Put(ResourceKinds.Pods, PodObject.Build(state, pod, Owners.UidOf(pod), nodeReady, now));
    }

    private void Turn(SeenPod seen, SimulatedPod pod, bool nodeReady, DateTimeOffset now)
    {
        var value = PodObject.WithStatus(state.Store.Get(ResourceKinds.Pods, pod.Namespace, pod.Name)!, pod, nodeReady, now);
        Relabel(value, seen.Pod.Labels, PodObject.Labels(pod));
        state.Store.Put(ResourceKinds.Pods, value);
    }

    // Labels the fleet dropped go, the fleet's labels win, labels of API clients stay.
    private static void Relabel(JsonObject value, IReadOnlyDictionary<string, string> before, Dictionary<string, string> after)
    {
        var labels = value.Metadata().Child("labels");
        foreach (var dropped in before.Keys.Where(key => !after.ContainsKey(key)))
            labels.Remove(dropped);
        foreach (var (key, label) in after)
            labels[key] = label;
    }

    private static bool Same(IReadOnlyDictionary<string, string> left, IReadOnlyDictionary<string, string> right) =>
        left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var other) && other == pair.Value);
}
