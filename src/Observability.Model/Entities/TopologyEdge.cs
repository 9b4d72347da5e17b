namespace Observability.Model;

/// <summary>A relation that holds from a time on, and until one where it has ended.</summary>
public sealed record TopologyEdge(
    EntityId From, EdgeKind Kind, EntityId To, DateTimeOffset ValidFrom, DateTimeOffset? ValidTo = null);
