using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Who calls whom, as it has been seen of late: services and their <see cref="EdgeKind.Calls"/> edges, told to the topology when they are new and
/// ended when they have not been seen for long. Thread-safe: pushes come side by side.
/// </summary>
public sealed class CallGraph(ITopologySink topology, CallGraphOptions options) : ICallSink
{
    private const string Source = "calls";
    private const int LongestName = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Caller, string Callee), DateTimeOffset> _calls = [];
    private readonly Dictionary<string, bool> _services = new(StringComparer.Ordinal);
    private DateTimeOffset? _next;

    /// <inheritdoc/>
    public void See(IEnumerable<ServiceCall> calls, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(calls);
        lock (_gate)
        {
            var entities = new List<Entity>();
            var edges = new List<TopologyEdge>();
            foreach (var call in calls)
            {
                if (!Note(call, now))
                    continue;
                Introduce(call.Caller, "", entities);
                Introduce(call.Callee, call.System, entities);
                edges.Add(new TopologyEdge(IdOf(call.Caller), EdgeKind.Calls, IdOf(call.Callee), now));
            }

            if (edges.Count > 0)
                topology.Apply(new TopologyChange(now, Source, [.. entities], [.. edges]));
        }
    }

    /// <summary>Ends what has not been seen for long; a service without any call goes with its last one.</summary>
    public void RunDue(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (now < _next)
                return;
            _next = now + Interval;
            var ended = _calls.Where(call => now - call.Value > options.ForgetAfter).Select(call => call.Key)
                .OrderBy(call => call.Caller, StringComparer.Ordinal).ThenBy(call => call.Callee, StringComparer.Ordinal).ToList();
            if (ended.Count == 0)
                return;
            foreach (var call in ended)
                _calls.Remove(call);
            var left = _calls.Keys.SelectMany(call => (string[])[call.Caller, call.Callee]).ToHashSet(StringComparer.Ordinal);
            var gone = ended.SelectMany(call => (string[])[call.Caller, call.Callee]).Distinct()
                .Where(name => !left.Contains(name) && _services.GetValueOrDefault(name)).Order(StringComparer.Ordinal).ToList();
            foreach (var name in gone)
                _services.Remove(name);
            topology.Apply(new TopologyChange(now, Source, [], [.. ended.Select(call => new TopologyEdge(IdOf(call.Caller), EdgeKind.Calls, IdOf(call.Callee), now, now))])
            {
                Removed = [.. gone.Select(IdOf)],
            });
        }
    }

    /// <summary>
    /// Goes on where the last run stopped. What was known then counts as seen now: nobody could see it in between. Returns what is not of here, for
    /// who reads a file that does not have it.
    /// </summary>
    public TopologyChange Resume(TopologyChange known, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(known);
        lock (_gate)
        {
            var (own, rest) = Learned.Part(known, Source);
            // Services that come from elsewhere are known, and not taken away here.
            foreach (var service in known.Entities.Where(entity => entity.Id.Kind == EntityKind.Service))
                _services[service.Id.Name] = service.Attributes[Learned.From] == Source;
            foreach (var edge in own.Edges.Where(edge => edge.Kind == EdgeKind.Calls))
                _calls[(edge.From.Name, edge.To.Name)] = now;
            return rest;
        }
    }

    private static EntityId IdOf(string service) => new(EntityKind.Service, service);

    // True where it is new.
    private bool Note(ServiceCall call, DateTimeOffset now)
    {
        var key = (call.Caller, call.Callee);
        if (call.Caller == call.Callee)
            return false;
        if (_calls.ContainsKey(key))
        {
            _calls[key] = now;
            return false;
        }

        if (call.Caller.Length is 0 or > LongestName || call.Callee.Length is 0 or > LongestName)
        {
            CollectorsMetrics.Refused(Source, "name");
            return false;
        }

        if (_calls.Count >= options.CallLimit)
        {
            CollectorsMetrics.Refused(Source, "call_limit");
            return false;
        }

        _calls[key] = now;
        return true;
    }

    private void Introduce(string service, string system, List<Entity> entities)
    {
        if (_services.TryAdd(service, true))
            entities.Add(new Entity(IdOf(service), service, LabelSet.Of(("service", service), ("system", system), (Learned.From, Source))));
    }
}
