using Observability.Model;

namespace Observability.Incidents;

/// <summary>A small fleet for training: 64 nodes of eight GPUs and NICs, eight leaf switches per 32 nodes, three jobs.</summary>
internal static class SyntheticFleet
{
    public const int Nodes = 64;
    public const int Gpus = 8;

    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static (string Job, int First, int Count)[] Jobs { get; } = [("a", 0, 32), ("b", 32, 19), ("c", 51, 9)];

    public static TopologyView Build()
    {
        var entities = new Dictionary<EntityId, Entity>();
        var edges = new List<TopologyEdge>();
        for (var n = 0; n < Nodes; n++)
            AddNode(n, entities, edges);
        foreach (var (name, first, count) in Jobs)
            AddJob(name, first, count, entities, edges);
        var view = new TopologyView();
        view.Apply(new TopologyChange(Start, "synthetic", [.. entities.Values], [.. edges]));
        return view;
    }

    public static EntityId Node(int node) => new(EntityKind.Node, $"n{node}");

    public static EntityId Gpu(int node, int gpu) => new(EntityKind.Gpu, $"GPU-{node}-{gpu}");

    public static EntityId Nic(int node, int nic) => new(EntityKind.Nic, $"n{node}/mlx5_{nic}");

    public static EntityId Leaf(int unit, int rail) => new(EntityKind.Switch, $"leaf-{unit}-r{rail}");

    public static EntityId Job(string name) => new(EntityKind.Job, name);

    private static void AddNode(int n, Dictionary<EntityId, Entity> entities, List<TopologyEdge> edges)
    {
        entities[Node(n)] = new Entity(Node(n), $"n{n}", LabelSet.Of(("node", $"n{n}")));
        for (var i = 0; i < Gpus; i++)
        {
            entities[Gpu(n, i)] = new Entity(Gpu(n, i), $"n{n}/gpu{i}", LabelSet.Of(("node", $"n{n}"), ("gpu", $"{i}")));
            entities[Nic(n, i)] = new Entity(Nic(n, i), $"n{n}/mlx5_{i}", LabelSet.Of(("node", $"n{n}"), ("device", $"mlx5_{i}")));
            var leaf = Leaf(n / 32, i);
            entities.TryAdd(leaf, new Entity(leaf, leaf.Name, LabelSet.Empty));
            edges.Add(new TopologyEdge(Gpu(n, i), EdgeKind.PartOf, Node(n), Start));
            edges.Add(new TopologyEdge(Nic(n, i), EdgeKind.PartOf, Node(n), Start));
            edges.Add(new TopologyEdge(Nic(n, i), EdgeKind.Connects, leaf, Start));
        }

        foreach (var exporter in (string[])["dcgm", "node"])
        {
            var monitor = new EntityId(EntityKind.Monitor, $"n{n}/{exporter}");
            entities[monitor] = new Entity(monitor, monitor.Name, LabelSet.Of(("node", $"n{n}")));
            edges.Add(new TopologyEdge(monitor, EdgeKind.Watches, Node(n), Start));
        }
    }

    private static void AddJob(string name, int first, int count, Dictionary<EntityId, Entity> entities, List<TopologyEdge> edges)
    {
        entities[Job(name)] = new Entity(Job(name), name, LabelSet.Empty);
        for (var r = 0; r < count * Gpus; r++)
        {
            var rank = new EntityId(EntityKind.Rank, $"{name}/{r}");
            entities[rank] = new Entity(rank, rank.Name, LabelSet.Empty);
            edges.Add(new TopologyEdge(rank, EdgeKind.MemberOf, Job(name), Start));
            edges.Add(new TopologyEdge(rank, EdgeKind.RunsOn, Gpu(first + (r / Gpus), r % Gpus), Start));
        }
    }
}
