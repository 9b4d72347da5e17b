using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>
/// The controllers that own the fleet's pods, shown as DaemonSets, ReplicaSets, StatefulSets and Jobs. An owner's size is the most pods it
/// ever had at once: a disruption budget counts against what should run, not against what is left.
/// </summary>
internal sealed class PodOwners(ClusterState state)
{
    private sealed record Key(string Namespace, string Kind, string Name);

    private sealed class Owner
    {
        public required string Uid { get; init; }

        public int Size { get; set; }

        public DateTimeOffset LastSeen { get; set; }
    }

    private readonly Dictionary<Key, Owner> _owners = [];

    /// <summary>Takes note of the owners of the pods that run now.</summary>
    public void Observe(IReadOnlyList<SimulatedPod> pods, DateTimeOffset now)
    {
        var groups = pods.Where(pod => pod.OwnerKind.Length > 0).GroupBy(pod => new Key(pod.Namespace, pod.OwnerKind, pod.OwnerName));
        foreach (var group in groups.OrderBy(group => $"{group.Key.Namespace}/{group.Key.Kind}/{group.Key.Name}", StringComparer.Ordinal))
        {
            if (!_owners.TryGetValue(group.Key, out var owner))
                _owners[group.Key] = owner = new Owner { Uid = state.NextUid() };
            owner.Size = Math.Max(owner.Size, group.Count());
            owner.LastSeen = now;
            Show(group.Key, owner, group.Count(), group.Count(pod => pod.Running), now);
        }

        foreach (var (key, owner) in _owners.Where(pair => pair.Value.LastSeen < now).ToArray())
            Fade(key, owner, now);
    }

    public string UidOf(SimulatedPod pod) => _owners.GetValueOrDefault(new Key(pod.Namespace, pod.OwnerKind, pod.OwnerName))?.Uid ?? "";

    /// <summary>Pods an owner should have; zero when it is unknown.</summary>
    public int SizeOf(string ns, string kind, string name) => _owners.GetValueOrDefault(new Key(ns, kind, name))?.Size ?? 0;

    private void Fade(Key key, Owner owner, DateTimeOffset now)
    {
        if (now - owner.LastSeen <= state.Options.OwnerRetention)
        {
            Show(key, owner, 0, 0, now);
            return;
        }

        _owners.Remove(key);
        if (KindOf(key) is { } kind)
            state.Store.Remove(kind, key.Namespace, key.Name);
    }

    private void Show(Key key, Owner owner, int pods, int ready, DateTimeOffset now)
    {
        if (KindOf(key) is not { } kind)
            return;
        var old = state.Store.Get(kind, key.Namespace, key.Name);
        var value = old?.Copy() ?? state.Create(kind, key.Namespace, key.Name, now, owner.Uid);
        (value["spec"], value["status"]) = Counts(key.Kind, owner.Size, pods, ready);
        if (!JsonNode.DeepEquals(old, value))
            state.Store.Put(kind, value);
    }

    private static ResourceKind? KindOf(Key key) => ResourceKinds.Owners.FirstOrDefault(kind => kind.Kind == key.Kind);

    private static (JsonObject Spec, JsonObject Status) Counts(string kind, int size, int pods, int ready) => kind switch
    {
        "DaemonSet" => (
            new JsonObject { ["selector"] = new JsonObject(), ["template"] = new JsonObject() },
            new JsonObject
            {
                ["desiredNumberScheduled"] = size,
                ["currentNumberScheduled"] = pods,
                ["numberReady"] = ready,
                ["updatedNumberScheduled"] = pods,
                ["numberAvailable"] = ready,
                ["numberMisscheduled"] = 0,
            }),
        "Job" => (
            new JsonObject { ["parallelism"] = size, ["completions"] = size, ["template"] = new JsonObject() },
            new JsonObject { ["active"] = pods, ["ready"] = ready }),
        _ => (
            new JsonObject { ["replicas"] = size, ["selector"] = new JsonObject(), ["template"] = new JsonObject() },
            new JsonObject { ["replicas"] = pods, ["readyReplicas"] = ready }),
    };
}
