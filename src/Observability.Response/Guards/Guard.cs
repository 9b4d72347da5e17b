using Observability.Model;

namespace Observability.Response;

/// <summary>
/// Holds runs back that would take too much out of service at once: rate and concurrency for the fleet, the rack, the
/// switch, the job and the cause. A run that waits goes on when there is room; recovery and what is already under way
/// never pass here, so a full budget cannot block them. What nobody asked for waits while its incident is muted.
/// </summary>
public sealed class Guard(ResponseOptions options, TopologyView topology) : IStage<ResponseItem, ResponseItem>
{
    private readonly SortedDictionary<string, Waiting> _waiting = new(StringComparer.Ordinal);
    private readonly HashSet<string> _muted = new(StringComparer.Ordinal);
    private readonly Ledger _ledger = new(options, topology);

    /// <inheritdoc/>
    public string Name => "guard";

    /// <inheritdoc/>
    public IEnumerable<ResponseItem> Process(ResponseItem item, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.Change is { } change)
            Hear(change, now);
        if (item.Execution is not { } execution)
            return [item];
        _ledger.Forget(_muted, now);
        if (execution.State == ExecutionState.Cancelled)
        {
            _waiting.Remove(execution.Id);
            _ledger.Drop(execution.Id);
            return [item];
        }

        if (execution.Strategy < Strategy.Ask || !execution.Steps.Any(step => step.Step.Action.StartsWith("kubernetes.", StringComparison.Ordinal)))
            return [item];
        return [execution.Node is null ? Refuse(execution, "not_one_node", $"{execution.Target} is not one node; steps on a node need exactly one", now) : Judge(execution, now)];
    }

    /// <inheritdoc/>
    public IEnumerable<ResponseItem> Advance(DateTimeOffset now)
    {
        if (_waiting.Count == 0)
            return [];
        _ledger.Forget(_muted, now);
        var items = new List<ResponseItem>();
        foreach (var (waiting, since) in _waiting.Values.OrderBy(one => one.Execution.CreatedAt).ThenBy(one => one.Execution.Id, StringComparer.Ordinal).ToArray())
        {
            if (waiting.DecidedBy.Length == 0 && _muted.Contains(waiting.IncidentId))
                continue;
            if (_ledger.Refusal(_ledger.PlaceOf(waiting, now)) is null)
            {
                _waiting.Remove(waiting.Id);
                items.Add(Judge(waiting with { State = ExecutionState.Running, Reason = "the budget has room again", UpdatedAt = now }, now));
            }
            else if (now - since > options.BudgetExpiry)
            {
                _waiting.Remove(waiting.Id);
                items.Add(Refuse(waiting, "budget_expired", $"no budget within {options.BudgetExpiry.TotalMinutes:0} minutes: {waiting.Reason}", now));
            }
        }

        return items;
    }

    /// <inheritdoc/>
    public IEnumerable<ResponseItem> Accept(Command command, DateTimeOffset now)
    {
        // The execution stage ends the run; here only its claim on a budget ends.
        var id = command switch { RejectExecution reject => reject.ExecutionId, AbortExecution abort => abort.ExecutionId, _ => "" };
        _waiting.Remove(id);
        _ledger.Drop(id);
        return [];
    }

    /// <summary>Learns that a hold began or ended: what counts is who is out of service, not who asked.</summary>
    public void Observe(Hold hold)
    {
        ArgumentNullException.ThrowIfNull(hold);
        _ledger.Observe(hold);
    }

    /// <summary>Learns that a run is over: a place it reserved without ever holding a node is free at once, not only after the approval's expiry.</summary>
    public void Observe(RunbookExecution execution)
    {
        ArgumentNullException.ThrowIfNull(execution);
        if (execution.State is not (ExecutionState.Running or ExecutionState.Verifying or ExecutionState.AwaitingApproval or ExecutionState.AwaitingBudget))
            _ledger.Drop(execution.Id);
    }

    private ResponseItem Judge(RunbookExecution execution, DateTimeOffset now)
    {
        var place = _ledger.PlaceOf(execution, now);
        var others = _ledger.Out.Where(other => other.ExecutionId != execution.Id).ToArray();
        if (others.FirstOrDefault(other => other.Node == place.Node && other.Cause == place.Cause) is { } same)
            return Refuse(execution, "joined", $"{same.ExecutionId} already has {topology.Current.NameOf(place.Node)} for the same cause", now);
        if (_ledger.Out.Any(other => other.ExecutionId == execution.Id))
            return new ResponseItem(null, execution);
        // One incident has one culprit. A second node may be right, but somebody has to look.
        if (execution is { Strategy: Strategy.Act, DecidedBy.Length: 0 } && others.FirstOrDefault(other => other.IncidentId == execution.IncidentId && other.Node != place.Node) is { } first)
            execution = execution with { Strategy = Strategy.Ask, Reason = $"{execution.Reason}; the incident has {topology.Current.NameOf(first.Node)} already, a second node needs a yes" };
        if (_ledger.Refusal(place) is not { } refusal)
        {
            _ledger.Reserve(place);
            return new ResponseItem(null, execution);
        }

        ResponseMetrics.Refused.Add(1, new KeyValuePair<string, object?>("reason", "budget"));
        var waits = execution with { State = ExecutionState.AwaitingBudget, Reason = refusal, UpdatedAt = now };
        _waiting[execution.Id] = new Waiting(waits, _waiting.TryGetValue(execution.Id, out var before) ? before.Since : waits.CreatedAt);
        return new ResponseItem(null, waits);
    }

    // Every clock of an incident's runs begins anew when it is muted no more.
    private void Hear(IncidentChange change, DateTimeOffset now)
    {
        var id = change.Incident.Id;
        if (change.Incident.IsMuted)
        {
            _muted.Add(id);
            return;
        }

        if (!_muted.Remove(id))
            return;
        _ledger.Renew(id, now);
        foreach (var waiting in _waiting.Values.Where(one => one.Execution.IncidentId == id).ToArray())
            _waiting[waiting.Execution.Id] = waiting with { Since = now };
    }

    private static ResponseItem Refuse(RunbookExecution execution, string kind, string reason, DateTimeOffset now)
    {
        ResponseMetrics.Refused.Add(1, new KeyValuePair<string, object?>("reason", kind));
        return new ResponseItem(null, execution with { State = ExecutionState.Refused, Reason = reason, UpdatedAt = now });
    }

    private sealed record Waiting(RunbookExecution Execution, DateTimeOffset Since);
}
