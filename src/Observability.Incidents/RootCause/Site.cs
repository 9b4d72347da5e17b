using Observability.Model;

namespace Observability.Incidents;

/// <summary>Where an entity stands in the topology, looked up once per verdict.</summary>
/// <param name="Entity">The entity.</param>
/// <param name="Node">Its node, if it is on one.</param>
/// <param name="Leaf">The leaf switch its port hangs on.</param>
/// <param name="Jobs">Jobs that need it.</param>
internal sealed record Site(EntityId Entity, EntityId? Node, EntityId? Leaf, IReadOnlySet<EntityId> Jobs)
{
    public static Site Of(EntityId entity, Topology graph) => new(
        entity,
        graph.NodeOf(entity),
        entity.Kind == EntityKind.Nic ? graph.Out(entity, EdgeKind.Connects).Where(leaf => leaf.Kind != EntityKind.Cable).Select(leaf => (EntityId?)leaf).FirstOrDefault() : null,
        graph.JobsOn(entity));

    /// <summary>True where a fault here would show there: on its node, at its ports, or in a job that needs it.</summary>
    public bool Explains(Site other, bool isEcho)
    {
        if (Entity == other.Entity || (Entity.Kind == EntityKind.Switch && other.Leaf == Entity))
            return true;
        var isOfJob = isEcho || other.Entity.Kind is EntityKind.Job or EntityKind.Rank;
        if (Entity.Kind == EntityKind.Job)
            return isOfJob && other.Jobs.Contains(Entity);
        if (Entity.Kind == EntityKind.Monitor)
            return false;
        return isOfJob && other.Jobs.Count > 0 ? Jobs.Overlaps(other.Jobs) : Node is not null && Node == other.Node;
    }
}
