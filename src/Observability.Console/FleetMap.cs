using Observability.Model;

namespace Observability.Console;

/// <summary>The fleet as a heat map: racks, their nodes, their GPUs, each with the worst that is known of it.</summary>
public sealed record FleetMap(IReadOnlyList<FleetMap.RackCell> Racks, IReadOnlyDictionary<CellState, int> Counts)
{
    /// <summary>Draws a snapshot.</summary>
    public static FleetMap Of(PlatformSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var marks = Marks(snapshot);
        var topology = snapshot.Topology;
        var counts = new SortedDictionary<CellState, int>();
        var racks = new SortedDictionary<string, List<NodeCell>>(StringComparer.Ordinal);
        foreach (var node in topology.Entities.Values.Where(entity => entity.Id.Kind == EntityKind.Node).OrderBy(entity => entity.Id))
        {
            var cell = NodeOf(snapshot, node, marks);
            foreach (var gpu in cell.Gpus)
                counts[gpu.State] = counts.GetValueOrDefault(gpu.State) + 1;
            var rack = topology.Out(node.Id, EdgeKind.PartOf).Where(id => id.Kind == EntityKind.Rack).Select(id => id.Name).FirstOrDefault("no rack");
            if (!racks.TryGetValue(rack, out var nodes))
                racks[rack] = nodes = [];
            nodes.Add(cell);
        }

        return new FleetMap([.. racks.Select(rack => new RackCell(rack.Key, rack.Value))], counts);
    }

    /// <summary>Draws one node; null where it is not known.</summary>
    public static NodeCell? NodeOf(PlatformSnapshot snapshot, EntityId id)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return snapshot.Topology.Find(id) is { Id.Kind: EntityKind.Node } node ? NodeOf(snapshot, node, Marks(snapshot)) : null;
    }

    private static NodeCell NodeOf(PlatformSnapshot snapshot, Entity node, Dictionary<EntityId, (CellState State, string Why)> marks)
    {
        var held = snapshot.Holds.Values.FirstOrDefault(hold => hold.Target == node.Id);
        var own = marks.GetValueOrDefault(node.Id, (State: CellState.Healthy, Why: ""));
        var parts = snapshot.Topology.In(node.Id, EdgeKind.PartOf).Order().ToArray();
        var monitors = snapshot.Topology.In(node.Id, EdgeKind.Watches)
            .Select(monitor => marks.GetValueOrDefault(monitor, (State: CellState.Healthy, Why: ""))).Where(mark => mark.State != CellState.Healthy).ToArray();
        var gpus = parts.Where(part => part.Kind == EntityKind.Gpu)
            .Select(gpu => GpuOf(snapshot, gpu, marks, monitors.Length > 0))
            .OrderBy(gpu => gpu.Index).ToArray();
        var worst = parts.Select(part => marks.GetValueOrDefault(part, (State: CellState.Healthy, Why: ""))).Append(own).MaxBy(mark => mark.State);
        var why = worst.State == CellState.Healthy && monitors.Length > 0 ? monitors[0].Why : worst.Why;
        return new NodeCell(node.Id, node.DisplayName, held is not null, worst.State, why, gpus);
    }

    private static GpuCell GpuOf(
        PlatformSnapshot snapshot, EntityId gpu, Dictionary<EntityId, (CellState State, string Why)> marks, bool unseen)
    {
        var entity = snapshot.Topology.Find(gpu);
        var mark = marks.GetValueOrDefault(gpu, (State: unseen ? CellState.Unknown : CellState.Healthy, Why: unseen ? "its monitor is silent" : ""));
        var index = int.TryParse(entity?.Attributes["gpu"], out var number) ? number : 0;
        return new GpuCell(gpu, entity?.DisplayName ?? gpu.ToString(), index, mark.State, mark.Why);
    }

    private static Dictionary<EntityId, (CellState State, string Why)> Marks(PlatformSnapshot snapshot)
    {
        var marks = new Dictionary<EntityId, (CellState State, string Why)>();
        foreach (var view in snapshot.Alerts.Values)
        {
            if (view.Alert is not { State: AlertState.Firing, Entity: { } entity } alert)
                continue;
            var state = alert.FaultClass == FaultClass.MonitorSilent ? CellState.Unknown
                : alert.Labels[AlertLabel.Severity] == "critical" ? CellState.Critical
                : alert.Labels[AlertLabel.Severity] == "warning" ? CellState.Warning
                : CellState.Healthy;
            if (state > marks.GetValueOrDefault(entity).State)
                marks[entity] = (state, alert.Name);
        }

        foreach (var node in snapshot.Alerts.Values.Where(view => view.Alert is { State: AlertState.Firing, FaultClass: FaultClass.Maintenance })
            .Select(view => view.Alert.Entity).OfType<EntityId>())
        {
            // What somebody announced is expected: it is not seen for now, and nobody needs to look.
            foreach (var part in snapshot.Topology.In(node, EdgeKind.PartOf).Append(node))
                marks[part] = (CellState.Unknown, "announced maintenance");
        }

        return marks;
    }

    /// <summary>A rack.</summary>
    public sealed record RackCell(string Name, IReadOnlyList<NodeCell> Nodes);

    /// <summary>A node with the worst of its parts.</summary>
    public sealed record NodeCell(EntityId Id, string Name, bool Held, CellState State, string Why, IReadOnlyList<GpuCell> Gpus);

    /// <summary>A GPU.</summary>
    public sealed record GpuCell(EntityId Id, string Name, int Index, CellState State, string Why);
}
