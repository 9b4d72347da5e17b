using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>What turns one reading of a topology into the next; null where nothing changed.</summary>
internal static class TopologyDiff
{
    public static TopologyChange? Between(TopologyChange before, TopologyChange after)
    {
        var known = before.Entities.ToDictionary(entity => entity.Id);
        var wanted = after.Entities.Select(entity => entity.Id).ToHashSet();
        var changed = after.Entities.Where(entity => !known.TryGetValue(entity.Id, out var old) || !Same(old, entity)).ToImmutableArray();
        var removed = before.Entities.Where(entity => !wanted.Contains(entity.Id)).Select(entity => entity.Id).ToImmutableArray();
        var oldEdges = before.Edges.Select(Key).ToHashSet();
        var newEdges = after.Edges.Select(Key).ToHashSet();
        var begun = after.Edges.Where(edge => !oldEdges.Contains(Key(edge)));
        // Edges of removed entities go with them.
        var gone = removed.ToHashSet();
        var ended = before.Edges.Where(edge => !newEdges.Contains(Key(edge)) && !gone.Contains(edge.From) && !gone.Contains(edge.To))
            .Select(edge => edge with { ValidTo = after.At });
        ImmutableArray<TopologyEdge> edges = [.. ended, .. begun];
        return changed.IsEmpty && removed.IsEmpty && edges.IsEmpty
            ? null
            : new TopologyChange(after.At, after.Source, changed, edges) { Removed = removed };
    }

    private static bool Same(Entity a, Entity b) => a.DisplayName == b.DisplayName && a.Attributes.Equals(b.Attributes);

    private static (EntityId From, EdgeKind Kind, EntityId To) Key(TopologyEdge edge) => (edge.From, edge.Kind, edge.To);
}
