using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Response;

/// <summary>
/// Who is out of service and what began lately: the state that budgets are checked against. Rate and concurrency, for
/// fleet, rack, switch, job and cause. It is a fold over admissions and holds, so a replay gives the same figures.
/// </summary>
internal sealed class Ledger(ResponseOptions options, TopologyView topology)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    // Reserved: admitted, the hold is not there yet. Held: the hold says so.
    private readonly SortedDictionary<string, Place> _reserved = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Place> _held = new(StringComparer.Ordinal);
    private readonly Queue<Place> _starts = new();
    private (Topology? Of, int Nodes) _size;

    public IEnumerable<Place> Out => _held.Values.Concat(_reserved.Values);

    public Place PlaceOf(RunbookExecution execution, DateTimeOffset now) => new(
        execution.Id, execution.IncidentId, execution.RunbookId, execution.Node!.Value, ScopesOf(execution.Node.Value, execution.RunbookId), now);

    public void Reserve(Place place)
    {
        _reserved[place.ExecutionId] = place;
        _starts.Enqueue(place);
    }

    public void Drop(string executionId) => _reserved.Remove(executionId);

    public void Observe(Hold hold)
    {
        if (hold.ReleasedAt is not null)
        {
            _held.Remove(hold.Id);
            _reserved.Remove(hold.Id);
        }
        else if (_reserved.Remove(hold.Id, out var place))
        {
            _held[hold.Id] = place;
        }
        else if (!_held.ContainsKey(hold.Id))
        {
            _held[hold.Id] = new Place(hold.Id, "", "", hold.Target, ScopesOf(hold.Target, ""), hold.Since);
        }
    }

    /// <summary>Takes the reservations of an incident as made now.</summary>
    public void Renew(string incidentId, DateTimeOffset now)
    {
        foreach (var place in _reserved.Values.Where(place => place.IncidentId == incidentId).ToArray())
            _reserved[place.ExecutionId] = place with { At = now };
    }

    /// <summary>Forgets reservations that never became a hold, but for runs that wait while their incident is muted, and starts that left the window.</summary>
    public void Forget(IReadOnlySet<string> muted, DateTimeOffset now)
    {
        while (_starts.TryPeek(out var oldest) && oldest.At <= now - Window)
            _starts.Dequeue();
        foreach (var stale in _reserved.Values.Where(place => now - place.At > options.ApprovalExpiry && !muted.Contains(place.IncidentId)).ToArray())
            _reserved.Remove(stale.ExecutionId);
    }

    /// <summary>Why there is no room; null where there is.</summary>
    public string? Refusal(Place wanted)
    {
        var others = Out.Where(place => place.Node != wanted.Node).ToArray();
        var isOut = Out.Any(place => place.Node == wanted.Node);
        foreach (var scope in wanted.Scopes)
        {
            var (most, mostStarts) = LimitOf(scope);
            var started = _starts.Count(start => start.Scopes.Contains(scope));
            if (started >= mostStarts)
                return $"{started} runs started in {scope} within the last hour; at most {mostStarts} may";
            // A node that is out already costs nothing more.
            var held = isOut ? 0 : others.Where(place => place.Scopes.Contains(scope)).Select(place => place.Node).Distinct().Count();
            if (held >= most)
                return $"{held} nodes of {scope} are held; at most {most} may be";
        }

        return null;
    }

    private (int Held, int Starts) LimitOf(BudgetScope scope) => scope.Kind switch
    {
        "fleet" => (Math.Min(options.MaximumHeldNodes, Math.Max(1, (int)(options.MaximumHeldShare * Nodes()))), options.ActionsPerHour),
        "switch" => (options.MaximumHeldPerSwitch, options.ActionsPerScopeHour),
        "cause" => (options.MaximumHeldPerCause, options.ActionsPerScopeHour),
        _ => (options.MaximumHeldPerScope, options.ActionsPerScopeHour),
    };

    private int Nodes()
    {
        var current = topology.Current;
        if (!ReferenceEquals(_size.Of, current))
            _size = (current, current.Entities.Keys.Count(id => id.Kind == EntityKind.Node));
        return _size.Nodes;
    }

    private ImmutableArray<BudgetScope> ScopesOf(EntityId node, string cause)
    {
        var graph = topology.Current;
        var racks = graph.Out(node, EdgeKind.PartOf).Where(id => id.Kind == EntityKind.Rack).Select(id => new BudgetScope("rack", id.Name));
        var switches = graph.In(node, EdgeKind.PartOf).SelectMany(part => graph.Out(part, EdgeKind.Connects)).Where(id => id.Kind != EntityKind.Cable).Select(id => new BudgetScope("switch", id.Name));
        var jobs = graph.JobsOn(node).Select(id => new BudgetScope("job", id.Name));
        BudgetScope[] causes = cause.Length > 0 ? [new("cause", cause)] : [];
        return [new("fleet", ""), .. racks.Concat(switches).Concat(jobs).Concat(causes).Distinct().OrderBy(scope => scope.Kind, StringComparer.Ordinal).ThenBy(scope => scope.Name, StringComparer.Ordinal)];
    }
}
