using Observability.Model;

namespace Observability.Response;

/// <summary>
/// Runs runbooks step by step: one intent at a time, each decided anew from its outcome. It holds nodes, waits for
/// approvals, checks that the fault is gone before a node returns, and rolls back what it did when it must.
/// </summary>
public sealed class Execute(ResponseOptions options, TopologyView topology, IReadOnlyList<Runbook> runbooks) : IStage<ResponseItem, ResponseChange>
{
    private readonly SortedDictionary<string, Run> _runs = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Hold> _holds = new(StringComparer.Ordinal);
    private readonly DecideNotifications _tell = new();

    /// <inheritdoc/>
    public string Name => "execute";

    /// <inheritdoc/>
    public IEnumerable<ResponseChange> Process(ResponseItem item, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        var changes = new List<ResponseChange>();
        if (item.Change is { } change)
            changes.AddRange(_tell.On(change, now).Select(notification => new ResponseChange { Notification = notification }));
        if (item.Execution is { } execution)
            Take(execution, changes, now);
        return changes;
    }

    /// <inheritdoc/>
    public IEnumerable<ResponseChange> Advance(DateTimeOffset now)
    {
        var changes = new List<ResponseChange>();
        foreach (var run in _runs.Values.ToArray())
        {
            if (run.Execution.State == ExecutionState.AwaitingApproval && now - run.Execution.UpdatedAt >= options.ApprovalExpiry)
                Finish(run, ExecutionState.Expired, $"nobody answered within {options.ApprovalExpiry.TotalMinutes:0} minutes", changes, now);
            else if (run.NextAt is { } at && at <= now)
                Next(run, changes, now);
        }

        foreach (var hold in _holds.Values.Where(hold => hold.ExpiresAt <= now && !hold.Cause.EndsWith("(expired)", StringComparison.Ordinal)).ToArray())
            Expire(hold, changes, now);
        return changes;
    }

    /// <inheritdoc/>
    public IEnumerable<ResponseChange> Accept(Command command, DateTimeOffset now)
    {
        var changes = new List<ResponseChange>();
        var id = command switch { ApproveExecution c => c.ExecutionId, RejectExecution c => c.ExecutionId, AbortExecution c => c.ExecutionId, _ => "" };
        if (command is ReleaseHold release && _holds.TryGetValue(release.HoldId, out var hold))
            Release(hold, changes, now);
        else if (_runs.TryGetValue(id, out var run))
            Decide(run, command, changes, now);
        return changes;
    }

    /// <summary>Takes what became of an intent and gives what follows.</summary>
    public IEnumerable<ResponseChange> Complete(StepOutcome outcome, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var changes = new List<ResponseChange>();
        if (!_runs.TryGetValue(outcome.Intent.ExecutionId, out var run) || run.Pending?.OperationId != outcome.Intent.OperationId)
            return changes;
        run.Pending = null;
        if (run.IsRollingBack)
            OnRollback(run, outcome, changes, now);
        else
            OnStep(run, outcome, changes, now);
        return changes;
    }

    private void Take(RunbookExecution execution, List<ResponseChange> changes, DateTimeOffset now)
    {
        if (execution.State == ExecutionState.Cancelled)
        {
            Cancel(execution, changes, now);
            return;
        }

        var runbook = runbooks.First(known => known.Id == execution.RunbookId);
        var run = new Run { Execution = execution, Runbook = runbook };
        _runs[execution.Id] = run;
        switch (execution)
        {
            case { State: ExecutionState.AwaitingBudget or ExecutionState.Refused }:
                changes.Add(new ResponseChange { Execution = execution });
                break;
            case { Strategy: Strategy.Observe }:
                Finish(run, ExecutionState.Observed, $"would have run: {string.Join(", ", runbook.Steps.Select(step => step.Action))}", changes, now);
                break;
            case { Strategy: Strategy.Suggest }:
                Finish(run, ExecutionState.Suggested, $"suggests: {string.Join(", ", runbook.Steps.Select(step => step.Action))}", changes, now);
                break;
            case { Strategy: Strategy.Ask }:
                Change(run, ExecutionState.AwaitingApproval, execution.Reason, changes, now);
                Tell(run, NotificationKind.Approval, changes, now);
                break;
            default:
                Change(run, ExecutionState.Running, execution.Reason, changes, now);
                Next(run, changes, now);
                break;
        }
    }

    // A run that has begun to act goes on to its verification: the node is held and must be returned in order. One that
    // has not is called off.
    private void Cancel(RunbookExecution execution, List<ResponseChange> changes, DateTimeOffset now)
    {
        if (!_runs.TryGetValue(execution.Id, out var run) || run.HasActed)
            return;
        if (run.Execution.State is ExecutionState.AwaitingApproval or ExecutionState.AwaitingBudget or ExecutionState.Running)
            Finish(run, ExecutionState.Cancelled, execution.Reason, changes, now);
    }

    private void Decide(Run run, Command command, List<ResponseChange> changes, DateTimeOffset now)
    {
        var state = run.Execution.State;
        if (command is ApproveExecution && state == ExecutionState.AwaitingApproval)
        {
            run.Execution = run.Execution with { DecidedBy = command.Actor };
            Change(run, ExecutionState.Running, $"{command.Actor} approved", changes, now);
            Next(run, changes, now);
        }
        else if (command is RejectExecution && state == ExecutionState.AwaitingApproval)
        {
            run.Execution = run.Execution with { DecidedBy = command.Actor };
            Finish(run, ExecutionState.Rejected, $"{command.Actor} rejected{(command.Reason.Length > 0 ? ": " + command.Reason : "")}", changes, now);
        }
        else if (command is AbortExecution && state is ExecutionState.Running or ExecutionState.Verifying or ExecutionState.AwaitingBudget or ExecutionState.AwaitingApproval)
        {
            RollBack(run, ExecutionState.Aborted, $"{command.Actor} aborted", changes, now);
        }
    }

    private void Next(Run run, List<ResponseChange> changes, DateTimeOffset now)
    {
        run.NextAt = null;
        if (run.Pending is not null)
            return;
        if (run.IsRollingBack)
        {
            NextRollback(run, changes, now);
            return;
        }

        var index = run.Execution.Steps.Select((step, i) => (step, i)).Where(one => one.step.State is StepState.Pending or StepState.Intended).Select(one => (int?)one.i).FirstOrDefault();
        if (index is not { } at)
        {
            Finish(run, ExecutionState.Succeeded, "all steps are done and verified", changes, now);
            return;
        }

        if (at == run.Runbook.Steps.Length && !Verified(run, changes, now))
            return;
        Intend(run, run.Execution.Steps[at], at, changes, now);
    }

    // Between the steps and the return lies the soak: every check must hold all the time.
    private bool Verified(Run run, List<ResponseChange> changes, DateTimeOffset now)
    {
        if (run.Runbook.Verification.IsEmpty || run.SoakedSince is { } since && now - since >= run.Runbook.Soak)
            return true;
        if (run.Execution.State != ExecutionState.Verifying)
            Change(run, ExecutionState.Verifying, $"all checks must hold for {run.Runbook.Soak.TotalMinutes:0.#} minutes", changes, now);
        var check = string.Join(" and ", run.Runbook.Verification.Select(one => $"({one.Expression})"));
        var step = new RunbookStep { Id = "verify", Action = "verify", Parameters = LabelSet.Of(("expr", check)), Source = run.Runbook.Source };
        Emit(run, step, ++run.Checks, changes, now);
        return false;
    }

    private void Intend(Run run, StepRecord record, int index, List<ResponseChange> changes, DateTimeOffset now)
    {
        run.StepStartedAt ??= now;
        var attempt = record.Attempt + 1;
        run.Execution = run.Execution with { Steps = run.Execution.Steps.SetItem(index, record with { State = StepState.Intended, Attempt = attempt, IntendedAt = now }) };
        if (record.Step.Action == "kubernetes.cordon")
            TakeHold(run, changes, now);
        if (record.Step.Action == "kubernetes.uncordon" && StillHeldByOthers(run) is { } other)
        {
            Settle(run, index, StepState.Skipped, $"still held by {other.Owner}", now);
            changes.Add(new ResponseChange { Execution = run.Execution });
            Next(run, changes, now);
            return;
        }

        run.HasActed |= record.Step.Action.StartsWith("kubernetes.", StringComparison.Ordinal);
        Emit(run, record.Step, attempt, changes, now);
    }

    private void Emit(Run run, RunbookStep step, int attempt, List<ResponseChange> changes, DateTimeOffset now)
    {
        var intent = new StepIntent(run.Execution.Id, step.Id, attempt, step.Action, run.Execution.Node ?? run.Execution.Target, Fill(step.Parameters, run.Execution), now) { Timeout = step.Timeout };
        run.Pending = intent;
        changes.Add(new ResponseChange { Execution = run.Execution });
        changes.Add(new ResponseChange { Intent = intent });
    }

    private void OnStep(Run run, StepOutcome outcome, List<ResponseChange> changes, DateTimeOffset now)
    {
        if (outcome.Intent.StepId == "verify" && run.Execution.State == ExecutionState.Verifying)
        {
            run.SoakedSince = outcome.Result == StepResult.Succeeded ? run.SoakedSince ?? now : null;
            run.NextAt = now + options.Recheck;
            return;
        }

        var index = run.Execution.Steps.ToList().FindIndex(step => step.Step.Id == outcome.Intent.StepId);
        var record = run.Execution.Steps[index];
        var waited = now - (run.StepStartedAt ?? now);
        switch (outcome.Result)
        {
            case StepResult.Succeeded:
                Settle(run, index, StepState.Done, outcome.Detail, now);
                changes.Add(new ResponseChange { Execution = run.Execution });
                if (record.Step.Action == "kubernetes.uncordon")
                    ReleaseOwn(run, changes, now);
                Next(run, changes, now);
                break;
            case StepResult.NotYet when waited < options.NotYetLimit:
                Retry(run, index, record with { Attempt = record.Attempt - 1 }, outcome.Detail, options.Recheck, now);
                break;
            case StepResult.Failed when record.Attempt < record.Step.Attempts:
                Retry(run, index, record, outcome.Detail, TimeSpan.FromSeconds(5 * Math.Pow(2, record.Attempt - 1)), now);
                changes.Add(new ResponseChange { Execution = run.Execution });
                break;
            default:
                Settle(run, index, StepState.Failed, outcome.Detail, now);
                RollBack(run, ExecutionState.Failed, $"step {record.Step.Id} failed: {outcome.Detail}", changes, now);
                break;
        }
    }

    private static void Retry(Run run, int index, StepRecord record, string detail, TimeSpan after, DateTimeOffset now)
    {
        run.Execution = run.Execution with { Steps = run.Execution.Steps.SetItem(index, record with { State = StepState.Pending, Detail = detail }) };
        run.NextAt = now + after;
    }

    private static void Settle(Run run, int index, StepState state, string detail, DateTimeOffset now)
    {
        run.Execution = run.Execution with { UpdatedAt = now, Steps = run.Execution.Steps.SetItem(index, run.Execution.Steps[index] with { State = state, CompletedAt = now, Detail = detail }) };
        run.StepStartedAt = null;
    }

    private void RollBack(Run run, ExecutionState end, string reason, List<ResponseChange> changes, DateTimeOffset now)
    {
        (run.RollbackEnd, run.RollbackReason, run.RollbackAt, run.Pending) = (end, reason, 0, null);
        if (!run.HasActed)
            run.RollbackAt = run.Runbook.Rollback.Length;
        Change(run, run.Execution.State, reason, changes, now);
        NextRollback(run, changes, now);
    }

    private void NextRollback(Run run, List<ResponseChange> changes, DateTimeOffset now)
    {
        if (run.RollbackAt >= run.Runbook.Rollback.Length)
        {
            ReleaseOwn(run, changes, now);
            Finish(run, run.RollbackEnd!.Value, run.RollbackReason, changes, now);
            return;
        }

        var step = run.Runbook.Rollback[run.RollbackAt];
        if (step.Action == "kubernetes.uncordon" && StillHeldByOthers(run) is not null)
        {
            run.RollbackAt++;
            NextRollback(run, changes, now);
            return;
        }

        Emit(run, step with { Id = $"rollback-{step.Id}" }, ++run.RollbackAttempt, changes, now);
    }

    private void OnRollback(Run run, StepOutcome outcome, List<ResponseChange> changes, DateTimeOffset now)
    {
        if (outcome.Result is StepResult.Failed or StepResult.NotYet && run.RollbackAttempt < run.Runbook.Rollback[run.RollbackAt].Attempts)
        {
            run.NextAt = now + options.Recheck;
            return;
        }

        (run.RollbackAt, run.RollbackAttempt) = (run.RollbackAt + 1, 0);
        NextRollback(run, changes, now);
    }

    private void Finish(Run run, ExecutionState state, string reason, List<ResponseChange> changes, DateTimeOffset now)
    {
        Change(run, state, reason, changes, now);
        _runs.Remove(run.Execution.Id);
        if (state is ExecutionState.Failed or ExecutionState.Expired)
            Tell(run, NotificationKind.Escalation, changes, now);
    }

    private static void Change(Run run, ExecutionState state, string reason, List<ResponseChange> changes, DateTimeOffset now)
    {
        run.Execution = run.Execution with { State = state, Reason = reason, UpdatedAt = now };
        changes.Add(new ResponseChange { Execution = run.Execution });
    }

    private void Tell(Run run, NotificationKind kind, List<ResponseChange> changes, DateTimeOffset now)
    {
        if (_tell.About(run.Execution, kind, now) is { } notification)
            changes.Add(new ResponseChange { Notification = notification });
    }

    private void TakeHold(Run run, List<ResponseChange> changes, DateTimeOffset now)
    {
        if (run.Execution.Node is not { } node || _holds.ContainsKey(run.Execution.Id))
            return;
        var hold = new Hold
        {
            Id = run.Execution.Id,
            Target = node,
            Cause = $"{run.Execution.RunbookId}: {topology.Current.NameOf(run.Execution.Target)}",
            Owner = run.Execution.DecidedBy.Length > 0 ? run.Execution.DecidedBy : "observability",
            Since = now,
            ExpiresAt = now + run.Runbook.HoldExpiry,
        };
        _holds[hold.Id] = hold;
        changes.Add(new ResponseChange { Hold = hold });
    }

    private Hold? StillHeldByOthers(Run run) => _holds.Values.FirstOrDefault(hold => hold.Target == run.Execution.Node && hold.Id != run.Execution.Id);

    private void ReleaseOwn(Run run, List<ResponseChange> changes, DateTimeOffset now)
    {
        if (_holds.TryGetValue(run.Execution.Id, out var hold))
            Release(hold, changes, now);
    }

    private void Release(Hold hold, List<ResponseChange> changes, DateTimeOffset now)
    {
        _holds.Remove(hold.Id);
        changes.Add(new ResponseChange { Hold = hold with { ReleasedAt = now } });
    }

    // An expired hold is never let go in silence: a person is told and the hold stays.
    private void Expire(Hold hold, List<ResponseChange> changes, DateTimeOffset now)
    {
        var expired = hold with { Cause = hold.Cause + " (expired)" };
        _holds[hold.Id] = expired;
        changes.Add(new ResponseChange { Hold = expired });
        if (_runs.TryGetValue(hold.Id, out var run))
            Tell(run, NotificationKind.Escalation, changes, now);
    }

    private LabelSet Fill(LabelSet parameters, RunbookExecution execution)
    {
        var target = topology.Current.Find(execution.Target);
        var job = topology.Current.JobsOn(execution.Target).Select(id => id.Name).FirstOrDefault("");
        var words = new (string Name, string Value)[]
        {
            ("node", execution.Node?.Name ?? ""), ("gpu", target?.Attributes["gpu"] ?? ""), ("uuid", target?.Attributes["UUID"] ?? ""),
            ("device", target?.Attributes["device"] ?? ""), ("job", job), ("incident", execution.IncidentId),
        };
        var filled = parameters.With("incident", execution.IncidentId).With("execution", execution.Id);
        return LabelSet.From(filled.Select(pair => KeyValuePair.Create(pair.Key, words.Aggregate(pair.Value, (text, word) =>
            text.Replace("{{ " + word.Name + " }}", word.Value, StringComparison.Ordinal)))));
    }

    private sealed class Run
    {
        public required RunbookExecution Execution { get; set; }

        public required Runbook Runbook { get; init; }

        public StepIntent? Pending { get; set; }

        public DateTimeOffset? NextAt { get; set; }

        public DateTimeOffset? StepStartedAt { get; set; }

        public DateTimeOffset? SoakedSince { get; set; }

        public int Checks { get; set; }

        public bool HasActed { get; set; }

        public ExecutionState? RollbackEnd { get; set; }

        public string RollbackReason { get; set; } = "";

        public int RollbackAt { get; set; }

        public int RollbackAttempt { get; set; }

        public bool IsRollingBack => RollbackEnd is not null;
    }
}
