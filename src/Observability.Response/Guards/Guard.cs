using Observability.Model;

namespace Observability.Response;

/// <summary>
/// Holds runs back that would take too much out of service at once: rate and concurrency for the fleet, the rack and the
/// job. A run that waits goes on when there is room; what is already under way always goes on.
/// </summary>
public sealed class Guard(ResponseOptions options, TopologyView topology) : IStage<ResponseItem, ResponseItem>
{
    private readonly SortedDictionary<string, RunbookExecution> _acting = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, RunbookExecution> _waiting = new(StringComparer.Ordinal);
    private readonly Queue<DateTimeOffset> _starts = new();

    /// <inheritdoc/>
    public string Name => "guard";

    /// <inheritdoc/>
    public IEnumerable<ResponseItem> Process(ResponseItem item, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.Execution is not { } execution)
            return [item];
        if (execution.State == ExecutionState.Cancelled)
        {
            _waiting.Remove(execution.Id);
            return [item];
        }

        if (!TakesOut(execution) || execution.Strategy < Strategy.Ask)
            return [item];
        if (Refusal(execution, now) is not { } refusal)
            return [Admit(execution, now)];
        ResponseMetrics.Refused.Add(1, new KeyValuePair<string, object?>("reason", "budget"));
        var waits = execution with { State = ExecutionState.AwaitingBudget, Reason = refusal, UpdatedAt = now };
        _waiting[execution.Id] = waits;
        return [new ResponseItem(null, waits)];
    }

    /// <inheritdoc/>
    public IEnumerable<ResponseItem> Advance(DateTimeOffset now)
    {
        var items = new List<ResponseItem>();
        foreach (var execution in _waiting.Values.ToArray())
        {
            if (Refusal(execution, now) is null)
            {
                _waiting.Remove(execution.Id);
                items.Add(Admit(execution with { State = ExecutionState.Running, Reason = "the budget has room again", UpdatedAt = now }, now));
            }
            else if (now - execution.CreatedAt > options.BudgetExpiry)
            {
                _waiting.Remove(execution.Id);
                items.Add(new ResponseItem(null, execution with { State = ExecutionState.Refused, Reason = $"no budget within {options.BudgetExpiry.TotalMinutes:0} minutes: {execution.Reason}", UpdatedAt = now }));
            }
        }

        return items;
    }

    /// <summary>Learns that a hold began or ended: what counts is who is out of service, not who asked.</summary>
    public void Observe(Hold hold)
    {
        ArgumentNullException.ThrowIfNull(hold);
        if (hold.ReleasedAt is not null)
            _acting.Remove(hold.Id);
    }

    private static bool TakesOut(RunbookExecution execution) => execution.Node is not null && execution.Steps.Any(step => step.Step.Action == "kubernetes.cordon");

    private ResponseItem Admit(RunbookExecution execution, DateTimeOffset now)
    {
        _acting[execution.Id] = execution;
        _starts.Enqueue(now);
        return new ResponseItem(null, execution);
    }

    private string? Refusal(RunbookExecution execution, DateTimeOffset now)
    {
        while (_starts.TryPeek(out var oldest) && oldest < now - TimeSpan.FromHours(1))
            _starts.Dequeue();
        if (_starts.Count >= options.ActionsPerHour)
            return $"{_starts.Count} runs started within the last hour; at most {options.ActionsPerHour} may";
        var node = execution.Node!.Value;
        var held = _acting.Values.Select(acting => acting.Node!.Value).Where(other => other != node).Distinct().ToArray();
        if (held.Length >= options.MaximumHeldNodes)
            return $"{held.Length} nodes are held; at most {options.MaximumHeldNodes} may be";
        foreach (var scope in ScopesOf(node))
        {
            var inScope = held.Count(other => ScopesOf(other).Contains(scope));
            if (inScope >= options.MaximumHeldPerScope)
                return $"{inScope} nodes of {topology.Current.NameOf(scope)} are held; at most {options.MaximumHeldPerScope} may be";
        }

        return null;
    }

    private IEnumerable<EntityId> ScopesOf(EntityId node) => topology.Current.Out(node, EdgeKind.PartOf).Concat(topology.Current.JobsOn(node));
}
