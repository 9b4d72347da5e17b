using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// The mark of what a source told that comes and goes: jobs, ranks, pods, services that were seen calling. After a restart the source takes its own back from the
/// journal, so that it ends what ended meanwhile, and nobody else takes it for theirs.
/// </summary>
internal static class Learned
{
    /// <summary>The attribute that names the source.</summary>
    public const string From = "learned_from";

    /// <summary>The same shape with the mark on what comes and goes.</summary>
    public static TopologyChange Mark(TopologyChange shape) => shape with
    {
        Entities = [.. shape.Entities.Select(entity => entity.Id.Kind is EntityKind.Job or EntityKind.Rank or EntityKind.Pod
            ? entity with { Attributes = entity.Attributes.With(From, shape.Source) }
            : entity)],
    };

    /// <summary>Parts what is known into what has the source's mark, with all edges that touch it, and the rest.</summary>
    public static (TopologyChange Own, TopologyChange Others) Part(TopologyChange known, string source)
    {
        var own = known.Entities.Where(entity => entity.Attributes[From] == source).Select(entity => entity.Id).ToHashSet();
        bool IsOwn(TopologyEdge edge) => own.Contains(edge.From) || own.Contains(edge.To);
        return own.Count == 0
            ? (known with { Entities = [], Edges = [] }, known)
            : (
                known with { Entities = [.. known.Entities.Where(entity => own.Contains(entity.Id))], Edges = [.. known.Edges.Where(IsOwn)] },
                known with { Entities = [.. known.Entities.Where(entity => !own.Contains(entity.Id))], Edges = [.. known.Edges.Where(edge => !IsOwn(edge))] });
    }
}
