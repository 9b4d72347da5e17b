using Observability.Model;

namespace Observability.Incidents;

/// <summary>A service that another one calls, or is called by, directly or over few others.</summary>
/// <param name="Service">The other end.</param>
/// <param name="Hops">Calls in between, at least 1.</param>
/// <param name="IsCallee">True where the other end is called, false where it calls.</param>
internal readonly record struct CallPath(EntityId Service, int Hops, bool IsCallee)
{
    /// <summary>How far trouble is followed: further up or down a chain something else is to blame more often than not.</summary>
    public const int MostHops = 3;

    // Of a store that everybody calls the nearest thousand will do.
    private const int Most = 1_000;

    /// <summary>Ends of the paths from a service along calls and of those that lead to it, nearest first. Two callers of one service are not joined by it.</summary>
    public static IReadOnlyList<CallPath> Of(EntityId service, Topology graph)
    {
        var down = Along(service, at => graph.Out(at, EdgeKind.Calls), isCallee: true);
        var up = Along(service, at => graph.In(at, EdgeKind.Calls), isCallee: false);
        return [.. down.Concat(up).OrderBy(path => path.Hops).ThenByDescending(path => path.IsCallee).ThenBy(path => path.Service)];
    }

    private static List<CallPath> Along(EntityId service, Func<EntityId, IEnumerable<EntityId>> next, bool isCallee)
    {
        var found = new List<CallPath> { new(service, 0, isCallee) };
        var seen = new HashSet<EntityId> { service };
        for (var at = 0; at < found.Count && found[at].Hops < MostHops; at++)
        {
            var hops = found[at].Hops + 1;
            foreach (var other in next(found[at].Service).Order())
            {
                if (found.Count <= Most && seen.Add(other))
                    found.Add(new CallPath(other, hops, isCallee));
            }
        }

        found.RemoveAt(0);
        return found;
    }

    /// <summary>The relation as words, for a service that has this path.</summary>
    public string Words(Topology graph)
    {
        var verb = IsCallee ? "calls" : "is called by";
        return Hops == 1 ? $"{verb} {graph.NameOf(Service)}" : $"{verb} {graph.NameOf(Service)} over {Hops - 1} more";
    }
}
