using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// A fleet for training, rail-optimised, with jobs on most of its nodes. One in three fleets is known in part only: some
/// nodes' cables or ranks are missing, as where labels and topology file disagree.
/// </summary>
internal sealed class SyntheticFleet
{
    public const int Gpus = 8;

    // Share of the nodes whose cables or ranks are unknown, in a fleet that is known in part.
    private const double UnknownShare = 0.05;

    private readonly FleetShape _shape;
    private readonly List<TopologyEdge> _edges = [];
    private readonly Dictionary<EntityId, Entity> _entities = [];

    /// <param name="shape">Its size.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="unknownShare">Share of its nodes whose cables or ranks are unknown, 0 to 1; drawn where it is null.</param>
    public SyntheticFleet(FleetShape shape, Random random, double? unknownShare = null)
    {
        _shape = shape;
        var drawn = random.Next(3) == 0 ? UnknownShare : 0;
        var unknown = unknownShare ?? drawn;
        for (var n = 0; n < shape.Nodes; n++)
            AddNode(n, hasCables: random.NextDouble() >= unknown);
        Jobs = Place(shape, random);
        foreach (var (name, nodes) in Jobs)
            AddJob(name, nodes, node => random.NextDouble() >= unknown);
        View = new TopologyView();
        View.Apply(new TopologyChange(Start, "synthetic", [.. _entities.Values], [.. _edges]));
    }

    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public TopologyView View { get; }

    /// <summary>Jobs with the nodes they run on.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<int> Nodes)> Jobs { get; }

    public int Nodes => _shape.Nodes;

    /// <summary>The file system that every node mounts.</summary>
    public static EntityId Storage { get; } = new(EntityKind.Storage, "fs-0");

    public static EntityId Node(int node) => new(EntityKind.Node, $"n{node}");

    public static EntityId Gpu(int node, int gpu) => new(EntityKind.Gpu, $"GPU-{node}-{gpu}");

    public static EntityId Nic(int node, int nic) => new(EntityKind.Nic, $"n{node}/mlx5_{nic}");

    public static EntityId Monitor(int node, string exporter) => new(EntityKind.Monitor, $"n{node}/{exporter}");

    public static EntityId Job(string name) => new(EntityKind.Job, name);

    public static EntityId Rank(string job, int rank) => new(EntityKind.Rank, $"{job}/{rank}");

    public EntityId Leaf(int node, int rail) => new(EntityKind.Switch, $"leaf-{node / _shape.NodesPerLeaf}-r{rail}");

    /// <summary>Nodes on the same leaf switches as a node.</summary>
    public IEnumerable<int> OnLeafOf(int node)
    {
        var first = node / _shape.NodesPerLeaf * _shape.NodesPerLeaf;
        return Enumerable.Range(first, Math.Min(_shape.NodesPerLeaf, Nodes - first));
    }

    /// <summary>The job on a node; empty where it idles.</summary>
    public string JobOn(int node) => Jobs.Where(job => job.Nodes.Contains(node)).Select(job => job.Name).FirstOrDefault() ?? "";

    // Nine nodes in ten work; a job's nodes lie side by side or all over the place.
    private static List<(string Name, IReadOnlyList<int> Nodes)> Place(FleetShape shape, Random random)
    {
        var nodes = Enumerable.Range(0, shape.Nodes).ToArray();
        if (random.Next(2) == 0)
            random.Shuffle(nodes);
        var jobs = new List<(string, IReadOnlyList<int>)>();
        var busy = Math.Max(shape.Jobs, shape.Nodes * 9 / 10);
        var (taken, left) = (0, busy);
        for (var j = 0; j < shape.Jobs; j++)
        {
            var size = j == shape.Jobs - 1 ? left : Math.Max(1, (int)(left * (0.3 + (0.4 * random.NextDouble()))));
            jobs.Add(($"job-{j}", [.. nodes.Skip(taken).Take(size)]));
            (taken, left) = (taken + size, Math.Max(1, left - size));
        }

        return jobs;
    }

    private void AddNode(int n, bool hasCables)
    {
        _entities.TryAdd(Storage, new Entity(Storage, Storage.Name, LabelSet.Empty));
        // Who does not know its cables does not know its mounts.
        if (hasCables)
            _edges.Add(new TopologyEdge(Node(n), EdgeKind.Mounts, Storage, Start));
        _entities[Node(n)] = new Entity(Node(n), $"n{n}", LabelSet.Of(("node", $"n{n}")));
        for (var i = 0; i < Gpus; i++)
        {
            _entities[Gpu(n, i)] = new Entity(Gpu(n, i), $"n{n}/gpu{i}", LabelSet.Of(("node", $"n{n}"), ("gpu", $"{i}")));
            _entities[Nic(n, i)] = new Entity(Nic(n, i), $"n{n}/mlx5_{i}", LabelSet.Of(("node", $"n{n}"), ("device", $"mlx5_{i}")));
            var leaf = Leaf(n, i);
            _entities.TryAdd(leaf, new Entity(leaf, leaf.Name, LabelSet.Empty));
            _edges.Add(new TopologyEdge(Gpu(n, i), EdgeKind.PartOf, Node(n), Start));
            _edges.Add(new TopologyEdge(Nic(n, i), EdgeKind.PartOf, Node(n), Start));
            if (hasCables)
                _edges.Add(new TopologyEdge(Nic(n, i), EdgeKind.Connects, leaf, Start));
        }

        foreach (var exporter in (string[])["dcgm", "node"])
        {
            _entities[Monitor(n, exporter)] = new Entity(Monitor(n, exporter), $"n{n}/{exporter}", LabelSet.Of(("node", $"n{n}")));
            _edges.Add(new TopologyEdge(Monitor(n, exporter), EdgeKind.Watches, Node(n), Start));
        }
    }

    private void AddJob(string name, IReadOnlyList<int> nodes, Func<int, bool> isKnown)
    {
        _entities[Job(name)] = new Entity(Job(name), name, LabelSet.Empty);
        for (var n = 0; n < nodes.Count; n++)
        {
            if (!isKnown(nodes[n]))
                continue;
            for (var g = 0; g < Gpus; g++)
            {
                var rank = Rank(name, (n * Gpus) + g);
                _entities[rank] = new Entity(rank, rank.Name, LabelSet.Empty);
                _edges.Add(new TopologyEdge(rank, EdgeKind.MemberOf, Job(name), Start));
                _edges.Add(new TopologyEdge(rank, EdgeKind.RunsOn, Gpu(nodes[n], g), Start));
            }
        }
    }
}
