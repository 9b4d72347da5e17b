using System.Collections.Immutable;
using System.Globalization;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>Nodes, pods, jobs and ranks as entities with edges: pod runs_on node and member_of job, rank the same, node part_of its tiers.</summary>
internal static class KubernetesTopology
{
    /// <summary>The whole shape at a moment. Edges hold from the pod's start on.</summary>
    /// <param name="nodes">Every node.</param>
    /// <param name="pods">Every pod; those that ended or are not placed leave nothing.</param>
    /// <param name="jobs">Every job object; those that are over leave nothing.</param>
    /// <param name="tiers">Labels that name racks and switches, the nearest to the node first.</param>
    /// <param name="at">The moment.</param>
    public static TopologyChange Of(
        IEnumerable<KubernetesNode> nodes, IEnumerable<KubernetesPod> pods, IEnumerable<GangJob> jobs, IReadOnlyList<KubernetesTier> tiers, DateTimeOffset at)
    {
        var entities = new Dictionary<EntityId, Entity>();
        var edges = new Dictionary<(EntityId, EdgeKind, EntityId), TopologyEdge>();
        void Put(EntityId id, string name, LabelSet attributes) => entities[id] = new Entity(id, name, attributes);
        void Join(EntityId from, EdgeKind kind, EntityId to, DateTimeOffset since) => edges.TryAdd((from, kind, to), new TopologyEdge(from, kind, to, since));
        foreach (var node in nodes)
        {
            var id = new EntityId(EntityKind.Node, node.Name);
            Put(id, node.Name, LabelSet.Of(("node", node.Name), ("model", node.Labels["nvidia.com/gpu.product"])));
            AddTiers(node, id, tiers, Put, (from, kind, to) => Join(from, kind, to, at));
        }

        foreach (var job in jobs.Where(job => !job.Job.IsOver))
        {
            var entity = KubernetesJobSignals.EntityOf(job);
            entities.TryAdd(entity.Id, entity);
        }

        foreach (var pod in pods.Where(pod => pod.IsRunning))
        {
            var since = pod.Started ?? at;
            var id = new EntityId(EntityKind.Pod, $"{pod.Namespace}/{pod.Name}");
            var host = new EntityId(EntityKind.Node, pod.Node);
            Put(id, $"{pod.Namespace}/{pod.Name}", LabelSet.Of(("node", pod.Node), ("namespace", pod.Namespace), ("uid", pod.Uid)));
            Join(id, EdgeKind.RunsOn, host, since);
            if (Gang.Of(pod) is not { } gang)
                continue;
            var job = new EntityId(EntityKind.Job, gang.Job);
            entities.TryAdd(job, new Entity(job, gang.Job, LabelSet.Of(("job", gang.Job), ("namespace", pod.Namespace))));
            Join(id, EdgeKind.MemberOf, job, since);
            var processes = Gang.ProcessesOf(pod);
            for (var i = 0; gang.Index is { } index && i < processes; i++)
            {
                var number = (((long)index * processes) + i).ToString(CultureInfo.InvariantCulture);
                var rank = new EntityId(EntityKind.Rank, $"{gang.Job}/{number}");
                Put(rank, rank.Name, LabelSet.Of(("job", gang.Job), ("rank", number), ("node", pod.Node), ("gpu", i.ToString(CultureInfo.InvariantCulture))));
                Join(rank, EdgeKind.MemberOf, job, since);
                Join(rank, EdgeKind.RunsOn, host, since);
            }
        }

        return new TopologyChange(at, "kubernetes", [.. entities.Values.OrderBy(entity => entity.Id)], [.. edges.Values.OrderBy(edge => edge.From).ThenBy(edge => edge.Kind).ThenBy(edge => edge.To)]);
    }

    // A node is part of a rack and is connected to the nearest switch; a switch is connected to the next one.
    private static void AddTiers(
        KubernetesNode node, EntityId id, IReadOnlyList<KubernetesTier> tiers, Action<EntityId, string, LabelSet> put, Action<EntityId, EdgeKind, EntityId> join)
    {
        var below = new Dictionary<EdgeKind, EntityId>();
        foreach (var tier in tiers)
        {
            if (!node.Labels.TryGet(tier.Label, out var name))
                continue;
            var above = new EntityId(tier.Kind, name);
            var kind = tier.Kind == EntityKind.Switch ? EdgeKind.Connects : EdgeKind.PartOf;
            put(above, name, LabelSet.Of((tier.Kind == EntityKind.Switch ? "switch" : "rack", name), ("label", tier.Label)));
            join(below.GetValueOrDefault(kind, id), kind, above);
            below[kind] = above;
        }
    }
}
