using Observability.Model;

namespace Observability.Simulator;

/// <summary>The fleet's typed graph.</summary>
internal static class FleetTopology
{
    public static TopologyChange Of(Fleet fleet)
    {
        var entities = new Dictionary<EntityId, Entity>();
        var edges = new List<TopologyEdge>();
        var storage = new EntityId(EntityKind.Storage, FaultPlaces.FileSystem);
        entities[storage] = new Entity(storage, storage.Name, LabelSet.Of(("fstype", "gpfs")));
        foreach (var node in fleet.SimNodes)
        {
            Add(node, fleet, entities, edges);
            edges.Add(new TopologyEdge(new EntityId(EntityKind.Node, node.Name), EdgeKind.Mounts, storage, fleet.Now));
        }

        foreach (var job in fleet.Jobs)
        {
            entities[job.Id] = new Entity(job.Id, job.Name, LabelSet.Of(("job", job.Name)));
            foreach (var (rank, gpu) in job.Ranks.Index())
            {
                var id = new EntityId(EntityKind.Rank, $"{job.Name}/{rank}");
                entities[id] = new Entity(id, id.Name, LabelSet.Of(("job", job.Name), ("rank", $"{rank}")));
                edges.Add(new TopologyEdge(id, EdgeKind.MemberOf, job.Id, fleet.Now));
                edges.Add(new TopologyEdge(id, EdgeKind.RunsOn, gpu.Id, fleet.Now));
            }
        }

        return new TopologyChange(fleet.Now, "simulator", [.. entities.Values], [.. edges]);
    }

    private static void Add(SimNode node, Fleet fleet, Dictionary<EntityId, Entity> entities, List<TopologyEdge> edges)
    {
        var now = fleet.Now;
        var id = new EntityId(EntityKind.Node, node.Name);
        var rack = new EntityId(EntityKind.Rack, node.Rack);
        var pdu = new EntityId(EntityKind.Pdu, node.Pdu);
        entities[id] = new Entity(id, node.Name, LabelSet.Of(("node", node.Name), ("rack", node.Rack)));
        if (entities.TryAdd(rack, new Entity(rack, node.Rack, LabelSet.Empty)))
            edges.Add(new TopologyEdge(rack, EdgeKind.PartOf, pdu, now));
        entities.TryAdd(pdu, new Entity(pdu, node.Pdu, LabelSet.Empty));
        edges.Add(new TopologyEdge(id, EdgeKind.PartOf, rack, now));
        foreach (var gpu in node.Gpus)
        {
            entities[gpu.Id] = new Entity(gpu.Id, $"{node.Name}/gpu{gpu.Index}", LabelSet.Of(
                ("node", node.Name), ("gpu", $"{gpu.Index}"), ("UUID", gpu.Uuid), ("pci_bus_id", gpu.Pci + ".0"), ("model", "NVIDIA H100 80GB HBM3")));
            edges.Add(new TopologyEdge(gpu.Id, EdgeKind.PartOf, id, now));
        }

        foreach (var nic in node.Nics)
        {
            var leaf = new EntityId(EntityKind.Switch, nic.Leaf);
            var spine = new EntityId(EntityKind.Switch, $"spine-r{nic.Index}");
            entities[nic.Id] = new Entity(nic.Id, nic.Id.Name, LabelSet.Of(("node", node.Name), ("device", nic.Device), ("pci_bus_id", nic.Pci), ("rail", $"{nic.Index}")));
            if (entities.TryAdd(leaf, new Entity(leaf, nic.Leaf, LabelSet.Of(("tier", "leaf"), ("switch", nic.Leaf)))))
                edges.Add(new TopologyEdge(leaf, EdgeKind.Connects, spine, now));
            entities.TryAdd(spine, new Entity(spine, spine.Name, LabelSet.Of(("tier", "spine"), ("switch", spine.Name))));
            edges.Add(new TopologyEdge(nic.Id, EdgeKind.PartOf, id, now));
            edges.Add(new TopologyEdge(nic.Id, EdgeKind.Connects, leaf, now));
            if (nic.Port is { } port)
                AddCable(nic, port, leaf, now, entities, edges);
        }

        foreach (var exporter in Exporters.OfNodes(fleet))
        {
            var monitor = new EntityId(EntityKind.Monitor, $"{node.Name}/{exporter}");
            entities[monitor] = new Entity(monitor, monitor.Name, LabelSet.Of(("node", node.Name), ("exporter", exporter)));
            edges.Add(new TopologyEdge(monitor, EdgeKind.Watches, id, now));
        }
    }
    // Which port an adapter hangs on, as ibnetdiscover or LLDP would tell: the cable is between the two.
    private static void AddCable(Nic nic, SwitchPort port, EntityId leaf, DateTimeOffset now, Dictionary<EntityId, Entity> entities, List<TopologyEdge> edges)
    {
        var cable = new EntityId(EntityKind.Cable, $"{nic.Leaf}/{port.Name}");
        entities[cable] = new Entity(cable, $"{nic.Leaf}:{port.Name} - {nic.Id.Name}", LabelSet.Of(("a", nic.Leaf), ("a_port", port.Name), ("b", nic.Node.Name), ("b_port", nic.Device)));
        edges.Add(new TopologyEdge(nic.Id, EdgeKind.Connects, cable, now));
        edges.Add(new TopologyEdge(cable, EdgeKind.Connects, leaf, now));
    }
}
