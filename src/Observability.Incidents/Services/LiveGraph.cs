using Observability.Model;

namespace Observability.Incidents;

/// <summary>The services of an incident and around it as <see cref="RankByAlerts"/> takes them, from the topology of the moment.</summary>
internal static class LiveGraph
{
    private const int MostNodes = 2_000;
    private const int MostAlerting = 200;
    private const string AnyService = "service";

    /// <summary>
    /// Nodes are all services that are joined by calls, so that what fires everywhere is known as such. Calls are those between services that show
    /// something; one that shows nothing is passed over, since not everything has alerts. Services that call each other in a circle explain nothing
    /// of one another, whoever is slow: their calls are left out.
    /// </summary>
    public static ServiceGraph Of(IReadOnlyCollection<EntityId> alerting, Topology graph)
    {
        var calls = new Dictionary<EntityId, List<EntityId>>();
        var show = alerting.ToHashSet();
        foreach (var service in alerting.Order().Take(MostAlerting))
            calls[service] = Below(service, show, graph);
        var links = calls.SelectMany(from => from.Value.Where(to => !Reaches(to, from.Key, calls)).Select(to => new ServiceLink(from.Key.Name, ServiceEdge.Calls, to.Name)));
        return new ServiceGraph(Around(alerting, graph).Select(id => KeyValuePair.Create(id.Name, KindOf(id, graph))), links);
    }

    private static string KindOf(EntityId service, Topology graph) => graph.Find(service)?.Attributes is { } known && known.TryGet("system", out var system) ? system : AnyService;

    // The nearest services below one that show something.
    private static List<EntityId> Below(EntityId service, HashSet<EntityId> show, Topology graph)
    {
        var found = new List<EntityId>();
        var seen = new HashSet<EntityId> { service };
        List<EntityId> at = [service];
        for (var hop = 0; hop < CallPath.MostHops && at.Count > 0; hop++)
        {
            var next = at.SelectMany(from => graph.Out(from, EdgeKind.Calls)).Where(seen.Add).Take(MostNodes).ToList();
            found.AddRange(next.Where(show.Contains));
            at = [.. next.Where(one => !show.Contains(one))];
        }

        return found;
    }

    private static bool Reaches(EntityId from, EntityId to, Dictionary<EntityId, List<EntityId>> calls)
    {
        var seen = new HashSet<EntityId> { from };
        var queue = new Queue<EntityId>(seen);
        while (queue.TryDequeue(out var at))
        {
            if (at == to)
                return true;
            foreach (var next in (calls.GetValueOrDefault(at) ?? []).Where(seen.Add))
                queue.Enqueue(next);
        }

        return false;
    }

    private static List<EntityId> Around(IReadOnlyCollection<EntityId> alerting, Topology graph)
    {
        List<EntityId> found = [.. alerting.Order()];
        var seen = found.ToHashSet();
        for (var at = 0; at < found.Count && found.Count < MostNodes; at++)
            found.AddRange(graph.Out(found[at], EdgeKind.Calls).Concat(graph.In(found[at], EdgeKind.Calls)).Order().Where(seen.Add).Take(MostNodes - found.Count));
        return found;
    }
}
