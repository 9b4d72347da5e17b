using Observability.Model;

namespace Observability.Response;

/// <summary>
/// Runs runbooks step by step: one intent at a time, each decided anew from its outcome. It holds nodes, waits for
/// approvals, checks that the fault is gone before a node returns, and rolls back what it did when it must.
/// Nothing counts as done before its effect is confirmed, and no state is without an exit.
/// </summary>
public sealed partial class Execute(ResponseOptions options, TopologyView topology, IReadOnlyList<Runbook> runbooks) : IStage<ResponseItem, ResponseChange>
{
    private readonly SortedDictionary<string, Run> _runs = new(StringComparer.Ordinal);
    private readonly Holds _holds = new();
    private readonly DecideNotifications _tell = new();

    /// <inheritdoc/>
    public string Name => "execute";

    /// <inheritdoc/>
    public IEnumerable<ResponseChange> Process(ResponseItem item, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        var changes = new List<ResponseChange>();
        if (item.Change is { } change)
        {
            changes.AddRange(_tell.On(change, now).Select(notification => new ResponseChange { Notification = notification }));
            if (change.Kind == IncidentChangeKind.Unmuted)
                AskAgain(change.Incident.Id, changes, now);
        }

        if (item.Execution is { State: ExecutionState.Cancelled } cancelled)
            Cancel(cancelled, changes, now);
        else if (item.Execution is { } execution)
            Take(execution, changes, now);
        return changes;
    }

    /// <inheritdoc/>
    public IEnumerable<ResponseChange> Advance(DateTimeOffset now)
    {
        var changes = new List<ResponseChange>();
        foreach (var run in _runs.Values.ToArray())
        {
            if (run.AskedAt is { } asked && now - asked >= options.ApprovalExpiry && !_tell.IsMuted(run.Execution.IncidentId))
                Stop(run, ExecutionState.Expired, $"nobody answered within {options.ApprovalExpiry.TotalMinutes:0} minutes", changes, now);
            else if (run.Pending is { } pending)
                Watch(run, pending, changes, now);
            else if (run.NextAt is { } at && at <= now)
                Next(run, changes, now);
        }

        foreach (var hold in _holds.Expire(now))
        {
            changes.Add(new ResponseChange { Hold = hold });
            if (_runs.TryGetValue(hold.Id, out var run))
                Escalate(run, $"the hold on {topology.Current.NameOf(hold.Target)} has expired; release it or look after it", changes, now);
        }

        return changes;
    }

    /// <inheritdoc/>
    public IEnumerable<ResponseChange> Accept(Command command, DateTimeOffset now)
    {
        var changes = new List<ResponseChange>();
        switch (command)
        {
            case ApproveExecution approve when _runs.TryGetValue(approve.ExecutionId, out var run) && run.AskedAt is not null:
                Approve(run, command.Actor, changes, now);
                break;
            // As long as nothing was done, a no is a no, whatever the run waits for; the guard frees its place on the same rule.
            case RejectExecution reject when _runs.TryGetValue(reject.ExecutionId, out var run) && !run.IsOver && (run.AskedAt is not null || !run.HasActed):
                run.Execution = run.Execution with { DecidedBy = command.Actor };
                Stop(run, ExecutionState.Rejected, Said(command, "rejected"), changes, now);
                break;
            case AbortExecution abort when _runs.TryGetValue(abort.ExecutionId, out var run) && !run.IsOver:
                Stop(run, ExecutionState.Aborted, Said(command, "aborted"), changes, now);
                break;
            case ReleaseHold release when _runs.TryGetValue(release.HoldId, out var run) && _holds.Find(release.HoldId) is not null:
                Stop(run, run.IsOver ? run.Execution.State : ExecutionState.Aborted, Said(command, "released the hold"), changes, now);
                break;
        }

        return changes;
    }

    /// <summary>Takes what became of an intent and gives what follows. An outcome that nobody awaits gives nothing.</summary>
    public IEnumerable<ResponseChange> Complete(StepOutcome outcome, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var changes = new List<ResponseChange>();
        if (_runs.TryGetValue(outcome.Intent.ExecutionId, out var run) && run.Pending?.OperationId == outcome.Intent.OperationId)
            Conclude(run, outcome, changes, now);
        return changes;
    }

    private void Take(RunbookExecution execution, List<ResponseChange> changes, DateTimeOffset now)
    {
        // A run that has begun to act is not begun again, whatever the verdict says by now.
        if (_runs.TryGetValue(execution.Id, out var before) && (before.HasActed || before.Execution.State == ExecutionState.Verifying))
            return;
        var run = new Run
        {
            Execution = execution,
            Runbook = runbooks.First(known => known.Id == execution.RunbookId),
            IsApproved = execution.DecidedBy.Length > 0,
        };
        _runs[execution.Id] = run;
        var fault = new Template(execution, topology.Current).Fault(run.Runbook);
        if (execution.State == ExecutionState.Refused)
            Finish(run, ExecutionState.Refused, execution.Reason, changes, now);
        else if (fault is not null || _runs.Count > options.MaximumRuns)
            Finish(run, ExecutionState.Refused, fault ?? $"{options.MaximumRuns} runs are under way", changes, now);
        else if (execution.State == ExecutionState.AwaitingBudget)
            Change(run, ExecutionState.AwaitingBudget, execution.Reason, changes, now);
        else if (execution.Strategy <= Strategy.Suggest)
            Finish(run, execution.Strategy == Strategy.Observe ? ExecutionState.Observed : ExecutionState.Suggested, Plan(run), changes, now);
        else if (execution.Strategy == Strategy.Ask && !run.IsApproved)
            Ask(run, execution.Reason, changes, now);
        else
            Begin(run, execution.Reason, changes, now);
    }

    private string Plan(Run run) =>
        $"{run.Execution.Reason}. {(run.Execution.Strategy == Strategy.Observe ? "Would have run" : "Suggests")}: {string.Join("; ", RunbookPlan.Of(run.Runbook, run.Execution, topology.Current))}";

    // A run that has begun to act goes on to its verification: the node is held and must be returned in order. One that
    // has not is called off.
    private void Cancel(RunbookExecution execution, List<ResponseChange> changes, DateTimeOffset now)
    {
        if (_runs.TryGetValue(execution.Id, out var run) && !run.HasActed && !run.IsOver)
            Finish(run, ExecutionState.Cancelled, execution.Reason, changes, now);
    }

    private void Ask(Run run, string reason, List<ResponseChange> changes, DateTimeOffset now)
    {
        run.AskedAt = now;
        Change(run, ExecutionState.AwaitingApproval, reason, changes, now);
        if (_tell.About(run.Execution, NotificationKind.Approval, now) is { } notification)
            changes.Add(new ResponseChange { Notification = notification });
    }

    // Whoever was asked while the incident was muted was not asked.
    private void AskAgain(string incidentId, List<ResponseChange> changes, DateTimeOffset now)
    {
        foreach (var run in _runs.Values.Where(run => run.AskedAt is not null && run.Execution.IncidentId == incidentId))
        {
            run.AskedAt = now;
            if (_tell.About(run.Execution, NotificationKind.Approval, now) is { } notification)
                changes.Add(new ResponseChange { Notification = notification });
        }
    }

    private void Approve(Run run, string actor, List<ResponseChange> changes, DateTimeOffset now)
    {
        run.AskedAt = null;
        run.IsApproved = true;
        run.Execution = run.Execution with { DecidedBy = actor };
        Begin(run, $"{actor} approved", changes, now);
    }

    private void Begin(Run run, string reason, List<ResponseChange> changes, DateTimeOffset now)
    {
        Change(run, ExecutionState.Running, reason, changes, now);
        Next(run, changes, now);
    }

    // The end of a run before its time: by a person, or because nobody answered. What is in flight is waited for first;
    // a cordon that lands after its rollback would stay for ever.
    private void Stop(Run run, ExecutionState end, string reason, List<ResponseChange> changes, DateTimeOffset now)
    {
        run.AskedAt = null;
        if (run.Rollback is not null)
            return;
        if (!run.HasActed)
        {
            Finish(run, end, reason, changes, now);
            return;
        }

        run.Rollback = new Rollback { End = end, Reason = reason, Steps = WayBack(run.Runbook) };
        run.BeginStep();
        run.NextAt = null;
        Change(run, run.IsOver ? end : ExecutionState.Running, reason, changes, now);
        if (run.Pending is null)
            Next(run, changes, now);
    }

    private void Finish(Run run, ExecutionState state, string reason, List<ResponseChange> changes, DateTimeOffset now)
    {
        // A hold that is released after the run ended is no second failure.
        var isOldNews = run.IsOver && run.Rollback is not { Faults.Count: > 0 };
        (run.NextAt, run.Pending, run.AskedAt, run.Rollback, run.IsOver) = (null, null, null, null, true);
        Change(run, state, reason, changes, now);
        ResponseMetrics.Runs.Add(1, new KeyValuePair<string, object?>("runbook", run.Runbook.Id), new KeyValuePair<string, object?>("state", state.ToString()));
        // A node that is still held keeps its run: somebody will release it.
        if (_holds.Find(run.Execution.Id) is null)
            _runs.Remove(run.Execution.Id);
        var isUntreated = state == ExecutionState.Refused && run.Execution.Strategy >= Strategy.Ask && !reason.Contains("for the same cause", StringComparison.Ordinal);
        if (!isOldNews && (state is ExecutionState.Failed or ExecutionState.Expired || isUntreated))
            Escalate(run, reason, changes, now);
    }

    private static void Change(Run run, ExecutionState state, string reason, List<ResponseChange> changes, DateTimeOffset now)
    {
        run.Execution = run.Execution with { State = state, Reason = reason, UpdatedAt = now };
        changes.Add(new ResponseChange { Execution = run.Execution });
    }

    private void Escalate(Run run, string reason, List<ResponseChange> changes, DateTimeOffset now)
    {
        var to = run.Runbook.Escalation.Length > 0 ? $" ({run.Runbook.Escalation})" : "";
        if (_tell.About(run.Execution with { Reason = reason + to }, NotificationKind.Escalation, now) is { } notification)
            changes.Add(new ResponseChange { Notification = notification });
    }

    private static string Said(Command command, string what) => $"{command.Actor} {what}{(command.Reason.Length > 0 ? ": " + command.Reason : "")}";
}
