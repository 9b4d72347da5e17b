using Observability.Model;

namespace Observability.Incidents;

/// <summary>Where an alert stands in the topology.</summary>
internal sealed record Place(
    EntityId? Entity, EntityId? Node, EntityId? Leaf, IReadOnlyCollection<EntityId> Jobs, bool IsCause, bool IsLink, bool IsMonitor)
{
    /// <summary>True for a GPU, a NIC, a rank or a node: something with a place in a rack.</summary>
    public bool IsDevice => Node is not null && !IsMonitor;

    /// <summary>True for a burning budget, which anything may have caused.</summary>
    public bool IsBudget { get; init; }

    public static Place Of(Alert alert, Topology graph)
    {
        var entity = alert.Entity;
        var isCause = alert.Labels[AlertLabel.Role] == AlertLabel.RoleCause;
        if (entity is not { } id)
            return new Place(null, null, null, [], isCause, false, false) { IsBudget = alert.Origin == AlertOrigin.Slo };
        var leaf = id.Kind switch
        {
            EntityKind.Nic => graph.Out(id, EdgeKind.Connects).Select(found => (EntityId?)found).FirstOrDefault(),
            EntityKind.Switch => id,
            _ => null,
        };
        var isMonitor = id.Kind == EntityKind.Monitor;
        return new Place(id, graph.NodeOf(id), leaf, isMonitor ? [] : [.. graph.JobsOn(id)], isCause, leaf is not null && !isCause, isMonitor)
        {
            IsBudget = alert.Origin == AlertOrigin.Slo,
        };
    }

    public void AddTo(OpenIncident open)
    {
        if (Entity is { } entity)
            open.Entities.Add(entity);
        if (Node is { } node)
            open.Nodes.Add(node);
        if (Leaf is { } leaf)
            open.Leaves.Add(leaf);
        open.Jobs.UnionWith(Jobs);
        if (IsCause && (Node ?? Entity) is { } cause)
            open.Causes.Add(cause);
    }
}
