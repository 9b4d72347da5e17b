using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>What has become known about the fleet's shape. Edges with <see cref="TopologyEdge.ValidTo"/> end a relation.</summary>
public sealed record TopologyChange(
    DateTimeOffset At, string Source, ImmutableArray<Entity> Entities, ImmutableArray<TopologyEdge> Edges)
{
    /// <summary>Entities that no longer exist; their edges go with them.</summary>
    public ImmutableArray<EntityId> Removed { get; init; } = [];
}
