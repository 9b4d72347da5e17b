using System.Globalization;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>Running jobs, their ranks and nodes as entities with edges: rank runs_on node and member_of job.</summary>
internal static class SlurmTopology
{
    /// <summary>
    /// The whole shape at a moment. Ranks are counted over the job's nodes and on each over its GPUs, one process a GPU, as srun places them
    /// by default; where Slurm tells no indices there are no ranks, only the job on its nodes. Jobs of one name are told apart by their id.
    /// </summary>
    public static TopologyChange Of(IReadOnlyCollection<SlurmNode> nodes, IReadOnlyCollection<SlurmJob> jobs, DateTimeOffset at)
    {
        var entities = new Dictionary<EntityId, Entity>();
        var edges = new Dictionary<(EntityId, EdgeKind, EntityId), TopologyEdge>();
        foreach (var node in nodes)
            entities[new EntityId(EntityKind.Node, node.Name)] = new Entity(new EntityId(EntityKind.Node, node.Name), node.Name, LabelSet.Of(("node", node.Name)));
        var running = jobs.Where(job => job.IsRunning).ToList();
        var shared = running.GroupBy(job => job.Name, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => same.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var job in running)
        {
            var id = job.Id.ToString(CultureInfo.InvariantCulture);
            var name = job.Name.Length == 0 ? id : shared.Contains(job.Name) ? $"{job.Name}-{id}" : job.Name;
            var owner = new EntityId(EntityKind.Job, name);
            entities[owner] = new Entity(owner, $"{name} ({id})", LabelSet.Of(("job", name), ("slurm_job_id", id), ("user", job.User), ("partition", job.Partition)));
            AddRanks(job, owner, (entities, edges), at);
        }

        return new TopologyChange(at, "slurm", [.. entities.Values.OrderBy(entity => entity.Id)], [.. edges.Values.OrderBy(edge => edge.From).ThenBy(edge => edge.Kind).ThenBy(edge => edge.To)]);
    }

    private static void AddRanks(
        SlurmJob job, EntityId owner, (Dictionary<EntityId, Entity> Entities, Dictionary<(EntityId, EdgeKind, EntityId), TopologyEdge> Edges) into, DateTimeOffset at)
    {
        var since = job.Started ?? at;
        var rank = 0;
        for (var i = 0; i < job.Nodes.Count; i++)
        {
            var host = new EntityId(EntityKind.Node, job.Nodes[i]);
            var gpus = i < job.Gpus.Count ? job.Gpus[i] : [];
            Join(owner, EdgeKind.RunsOn, host);
            foreach (var gpu in gpus)
            {
                var number = (rank++).ToString(CultureInfo.InvariantCulture);
                var process = new EntityId(EntityKind.Rank, $"{owner.Name}/{number}");
                into.Entities[process] = new Entity(process, process.Name, LabelSet.Of(
                    ("job", owner.Name), ("rank", number), ("node", host.Name), ("gpu", gpu.ToString(CultureInfo.InvariantCulture))));
                Join(process, EdgeKind.MemberOf, owner);
                Join(process, EdgeKind.RunsOn, host);
            }
        }

        void Join(EntityId from, EdgeKind kind, EntityId to) => into.Edges.TryAdd((from, kind, to), new TopologyEdge(from, kind, to, since));
    }
}
