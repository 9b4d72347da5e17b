using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>
/// The typed graph of the fleet at one moment. Immutable: a change gives a new graph that shares what it can.
/// </summary>
public sealed class Topology
{
    private static readonly ImmutableArray<TopologyEdge> None = [];
    private readonly ImmutableDictionary<EntityId, Entity> _entities;
    private readonly ImmutableDictionary<EntityId, ImmutableArray<TopologyEdge>> _out;
    private readonly ImmutableDictionary<EntityId, ImmutableArray<TopologyEdge>> _in;
    private readonly ImmutableDictionary<string, EntityId> _byAlias;

    private Topology(
        ImmutableDictionary<EntityId, Entity> entities,
        ImmutableDictionary<EntityId, ImmutableArray<TopologyEdge>> outgoing,
        ImmutableDictionary<EntityId, ImmutableArray<TopologyEdge>> incoming,
        ImmutableDictionary<string, EntityId> byAlias)
    {
        (_entities, _out, _in, _byAlias) = (entities, outgoing, incoming, byAlias);
    }

    /// <summary>The graph without entities.</summary>
    public static Topology Empty { get; } = new(
        ImmutableDictionary<EntityId, Entity>.Empty,
        ImmutableDictionary<EntityId, ImmutableArray<TopologyEdge>>.Empty,
        ImmutableDictionary<EntityId, ImmutableArray<TopologyEdge>>.Empty,
        ImmutableDictionary<string, EntityId>.Empty.WithComparers(StringComparer.Ordinal));

    /// <summary>Every entity by identity.</summary>
    public IReadOnlyDictionary<EntityId, Entity> Entities => _entities;

    /// <summary>The entity, or null where it is unknown.</summary>
    public Entity? Find(EntityId id) => _entities.GetValueOrDefault(id);

    /// <summary>What people call the entity; its written identity where it is unknown.</summary>
    public string NameOf(EntityId id) => Find(id)?.DisplayName ?? id.ToString();

    /// <summary>Targets of the entity's own edges of one kind.</summary>
    public IEnumerable<EntityId> Out(EntityId id, EdgeKind kind)
    {
        foreach (var edge in _out.GetValueOrDefault(id, None))
        {
            if (edge.Kind == kind)
                yield return edge.To;
        }
    }

    /// <summary>Sources of the edges of one kind that point at the entity.</summary>
    public IEnumerable<EntityId> In(EntityId id, EdgeKind kind)
    {
        foreach (var edge in _in.GetValueOrDefault(id, None))
        {
            if (edge.Kind == kind)
                yield return edge.From;
        }
    }

    /// <summary>All edges that start or end at the entity.</summary>
    public IEnumerable<TopologyEdge> EdgesOf(EntityId id) =>
        _out.GetValueOrDefault(id, None).Concat(_in.GetValueOrDefault(id, None));

    /// <summary>The node an entity is, is part of, runs on or watches; null for what is on no single node.</summary>
    public EntityId? NodeOf(EntityId id)
    {
        for (var depth = 0; depth < 4; depth++)
        {
            if (id.Kind == EntityKind.Node)
                return id;
            var up = UpTowardsNode(id);
            if (up is null)
                return null;
            id = up.Value;
        }

        return null;
    }

    /// <summary>Jobs that have a rank on the entity, a GPU, any part of a node, or the node itself, or on a node that mounts it.</summary>
    public IReadOnlySet<EntityId> JobsOn(EntityId id)
    {
        var jobs = new SortedSet<EntityId>();
        if (id.Kind == EntityKind.Job)
            jobs.Add(id);
        if (id.Kind is EntityKind.Rank or EntityKind.Pod)
            jobs.UnionWith(Out(id, EdgeKind.MemberOf));
        if (id.Kind == EntityKind.Gpu)
            AddJobsOf(id, jobs);
        else if (id.Kind == EntityKind.Switch)
        {
            foreach (var below in In(id, EdgeKind.Connects))
                jobs.UnionWith(JobsOn(below));
        }
        else if (id.Kind == EntityKind.Storage)
        {
            foreach (var node in In(id, EdgeKind.Mounts))
                AddJobsAround(node, jobs);
        }
        else if (NodeOf(id) is { } host)
        {
            AddJobsAround(host, jobs);
        }

        return jobs;
    }

    /// <summary>Shared storage that the nodes of a job mount.</summary>
    public IReadOnlySet<EntityId> StorageOf(EntityId job)
    {
        var nodes = In(job, EdgeKind.MemberOf).Select(NodeOf).OfType<EntityId>().ToHashSet();
        return nodes.SelectMany(node => Out(node, EdgeKind.Mounts)).ToHashSet();
    }

    /// <summary>True where <paramref name="part"/> is, directly or through others, part of or carried by <paramref name="whole"/>.</summary>
    public bool Contains(EntityId whole, EntityId part)
    {
        var seen = new HashSet<EntityId>();
        var queue = new Queue<EntityId>([part]);
        while (queue.TryDequeue(out var current))
        {
            if (current == whole)
                return true;
            foreach (var edge in _out.GetValueOrDefault(current, None))
            {
                if (edge.Kind is EdgeKind.PartOf or EdgeKind.Connects or EdgeKind.RunsOn or EdgeKind.Watches && seen.Add(edge.To))
                    queue.Enqueue(edge.To);
            }
        }

        return false;
    }

    /// <summary>
    /// Turns labels into the most specific entity they name: UUID, then node with PCI address, GPU index or NIC
    /// device, then switch, then node (<c>node</c>, <c>Hostname</c>, <c>hostname</c>), then job, then service (<c>service_name</c>,
    /// <c>service</c>), then the job or service that is named like the application (<c>app</c>) or the last part of the repository. Null where
    /// nothing known is named.
    /// </summary>
    public EntityId? Locate(LabelSet labels)
    {
        if (labels.TryGet("entity", out var written) && EntityId.TryParse(written, out var stated))
            return stated;
        foreach (var name in (ReadOnlySpan<string>)["UUID", "uuid", "gpu_uuid"])
        {
            if (labels.TryGet(name, out var uuid) && _byAlias.TryGetValue(uuid, out var gpu))
                return gpu;
        }

        var node = First(labels, "node", "Hostname", "hostname", "nodename", "instance");
        if (node.Length > 0)
        {
            foreach (var name in (ReadOnlySpan<string>)["pci_bus_id", "gpu", "device", "exporter"])
            {
                if (labels.TryGet(name, out var part) && _byAlias.TryGetValue($"{node}/{name}={Normalise(name, part)}", out var inner))
                    return inner;
            }
        }

        if (labels.TryGet("switch", out var fabric) && _byAlias.TryGetValue(fabric, out var found))
            return found;
        if (labels.TryGet("rank", out var rank) && labels.TryGet("job_name", out var owner)
            && _byAlias.TryGetValue($"{owner}/{rank}", out var process))
        {
            return process;
        }

        if (node.Length > 0 && _byAlias.TryGetValue(node, out var host))
            return host;
        var job = First(labels, "job_name", "training_job");
        if (job.Length > 0 && _byAlias.TryGetValue(job, out var training))
            return training;
        var service = First(labels, "service_name", "service");
        if (service.Length > 0 && _byAlias.TryGetValue($"service:{service}", out var asked))
            return asked;
        return Deployed(First(labels, "app")) ?? Deployed(labels["repository"].Split('/')[^1]);
    }

    // Who deploys a thing knows it by its application or its repository.
    private EntityId? Deployed(string name) => name.Length == 0 ? null
        : _byAlias.TryGetValue(name, out var job) && job.Kind == EntityKind.Job ? job
        : _byAlias.TryGetValue($"service:{name}", out var service) ? service : null;

    /// <summary>The graph after a change.</summary>
    public Topology Apply(TopologyChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var entities = _entities.ToBuilder();
        var aliases = _byAlias.ToBuilder();
        var outgoing = new EdgeChanges(_out);
        var incoming = new EdgeChanges(_in);
        foreach (var entity in change.Entities)
        {
            entities[entity.Id] = entity;
            foreach (var alias in AliasesOf(entity))
                aliases[alias] = entity.Id;
        }

        foreach (var edge in change.Edges)
        {
            outgoing.Put(edge.From, edge);
            incoming.Put(edge.To, edge);
        }

        foreach (var id in change.Removed)
        {
            if (entities.TryGetValue(id, out var gone))
                aliases.RemoveRange(AliasesOf(gone).Where(alias => aliases.GetValueOrDefault(alias) == id).ToArray());
            entities.Remove(id);
            foreach (var edge in outgoing.Drop(id))
                incoming.Remove(edge.To, edge);
            foreach (var edge in incoming.Drop(id))
                outgoing.Remove(edge.From, edge);
        }

        return new Topology(entities.ToImmutable(), outgoing.ToImmutable(), incoming.ToImmutable(), aliases.ToImmutable());
    }

    /// <summary>Everything that is known, as one change from nothing: what a journal snapshot stores.</summary>
    public TopologyChange ToChange(DateTimeOffset at, string source) => new(
        at,
        source,
        [.. _entities.Values.OrderBy(entity => entity.Id)],
        [.. _out.OrderBy(pair => pair.Key).SelectMany(pair => pair.Value)]);

    private static IEnumerable<string> AliasesOf(Entity entity)
    {
        // Names of pods, services and file systems are taken by nodes and jobs as well.
        yield return entity.Id.Kind is EntityKind.Pod or EntityKind.Service or EntityKind.Storage ? entity.Id.ToString() : entity.Id.Name;
        if (entity.Id.Kind is not (EntityKind.Gpu or EntityKind.Nic or EntityKind.Monitor))
            yield break;
        var node = entity.Attributes["node"];
        foreach (var name in (string[])["pci_bus_id", "gpu", "device", "exporter"])
        {
            if (entity.Attributes.TryGet(name, out var value))
                yield return $"{node}/{name}={Normalise(name, value)}";
        }
    }

    // Kernel "0000:b3:00", exporter "00000000:1A:00.0": bus, device and function in lower case with a 4-digit domain.
    private static string Normalise(string name, string value)
    {
        if (name != "pci_bus_id")
            return value;
#pragma warning disable CA1308 // PCI addresses are written in lower case
        var text = value.ToLowerInvariant();
#pragma warning restore CA1308
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon > 4)
            text = text[(colon - 4)..];
        return text.Contains('.', StringComparison.Ordinal) ? text : text + ".0";
    }

    private static string First(LabelSet labels, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (labels.TryGet(name, out var value))
                return value;
        }

        return "";
    }

    private EntityId? UpTowardsNode(EntityId id)
    {
        foreach (var edge in _out.GetValueOrDefault(id, None))
        {
            if (edge.Kind is EdgeKind.PartOf or EdgeKind.RunsOn or EdgeKind.Watches
                && edge.To.Kind is EntityKind.Node or EntityKind.Gpu or EntityKind.Nic)
            {
                return edge.To;
            }
        }

        return null;
    }

    // A scheduler that knows no GPUs places ranks and pods on the node itself.
    private void AddJobsAround(EntityId node, SortedSet<EntityId> jobs)
    {
        AddJobsOf(node, jobs);
        foreach (var part in In(node, EdgeKind.PartOf))
            AddJobsOf(part, jobs);
    }

    private void AddJobsOf(EntityId host, SortedSet<EntityId> jobs)
    {
        foreach (var rank in In(host, EdgeKind.RunsOn))
        {
            foreach (var job in Out(rank, EdgeKind.MemberOf))
                jobs.Add(job);
        }
    }
}
