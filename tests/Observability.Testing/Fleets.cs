using Observability.Model;

namespace Observability.Testing;

/// <summary>Small fleets for tests: nodes with GPUs and NICs on a leaf switch, and jobs with a rank per GPU.</summary>
public static class Fleets
{
    /// <summary>The time at which test fleets begin.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Nodes <c>node-000</c>… in racks of four, GPUs <c>GPU-000-0</c>…, NICs <c>mlx5_0</c>… each on the leaf of its rail, a
    /// dcgm and a node monitor per node.
    /// </summary>
    public static TopologyChange Of(int nodes, int gpus = 8, params (string Job, int FirstNode, int Nodes)[] jobs)
    {
        var entities = new List<Entity>();
        var edges = new List<TopologyEdge>();
        for (var n = 0; n < nodes; n++)
            AddNode(entities, edges, n, gpus);
        foreach (var (job, first, count) in jobs)
            AddJob(entities, edges, job, first, count, gpus);
        return new TopologyChange(Start, "test", [.. entities.DistinctBy(entity => entity.Id)], [.. edges.Distinct()]);
    }

    /// <summary>The same as a view.</summary>
    public static TopologyView View(int nodes, int gpus = 8, params (string Job, int FirstNode, int Nodes)[] jobs)
    {
        var view = new TopologyView();
        view.Apply(Of(nodes, gpus, jobs));
        return view;
    }

    /// <summary>Name of a node.</summary>
    public static string Node(int node) => $"node-{node:000}";

    /// <summary>Identity of a GPU.</summary>
    public static EntityId Gpu(int node, int gpu) => new(EntityKind.Gpu, $"GPU-{node:000}-{gpu}");

    /// <summary>Identity of a NIC.</summary>
    public static EntityId Nic(int node, int nic) => new(EntityKind.Nic, $"{Node(node)}/mlx5_{nic}");

    private static void AddNode(List<Entity> entities, List<TopologyEdge> edges, int n, int gpus)
    {
        var node = new EntityId(EntityKind.Node, Node(n));
        var rack = new EntityId(EntityKind.Rack, $"rack-{n / 4:00}");
        entities.Add(new Entity(node, node.Name, LabelSet.Of(("node", node.Name), ("rack", rack.Name))));
        entities.Add(new Entity(rack, rack.Name, LabelSet.Empty));
        edges.Add(new TopologyEdge(node, EdgeKind.PartOf, rack, Start));
        for (var g = 0; g < gpus; g++)
        {
            var gpu = Gpu(n, g);
            entities.Add(new Entity(gpu, $"{node.Name}/gpu{g}", LabelSet.Of(
                ("node", node.Name), ("gpu", $"{g}"), ("UUID", gpu.Name), ("pci_bus_id", $"0000:{0x10 + g:x2}:00.0"))));
            edges.Add(new TopologyEdge(gpu, EdgeKind.PartOf, node, Start));
            var nic = Nic(n, g);
            var leaf = new EntityId(EntityKind.Switch, $"leaf-{n / 32}-r{g}");
            entities.Add(new Entity(nic, nic.Name, LabelSet.Of(("node", node.Name), ("device", $"mlx5_{g}"), ("rail", $"{g}"))));
            entities.Add(new Entity(leaf, leaf.Name, LabelSet.Of(("tier", "leaf"))));
            edges.Add(new TopologyEdge(nic, EdgeKind.PartOf, node, Start));
            edges.Add(new TopologyEdge(nic, EdgeKind.Connects, leaf, Start));
        }

        foreach (var exporter in (string[])["dcgm", "node"])
        {
            var monitor = new EntityId(EntityKind.Monitor, $"{node.Name}/{exporter}");
            entities.Add(new Entity(monitor, monitor.Name, LabelSet.Of(("node", node.Name), ("exporter", exporter))));
            edges.Add(new TopologyEdge(monitor, EdgeKind.Watches, node, Start));
        }
    }

    private static void AddJob(List<Entity> entities, List<TopologyEdge> edges, string job, int first, int count, int gpus)
    {
        var id = new EntityId(EntityKind.Job, job);
        entities.Add(new Entity(id, job, LabelSet.Of(("job", job))));
        for (var r = 0; r < count * gpus; r++)
        {
            var rank = new EntityId(EntityKind.Rank, $"{job}/{r}");
            entities.Add(new Entity(rank, rank.Name, LabelSet.Of(("job", job), ("rank", $"{r}"))));
            edges.Add(new TopologyEdge(rank, EdgeKind.MemberOf, id, Start));
            edges.Add(new TopologyEdge(rank, EdgeKind.RunsOn, Gpu(first + (r / gpus), r % gpus), Start));
        }
    }
}
