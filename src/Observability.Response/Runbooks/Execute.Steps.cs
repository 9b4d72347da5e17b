using System.Collections.Immutable;
using System.Globalization;
using Observability.Model;

namespace Observability.Response;

/// <content>One step after the other: preconditions, steps, verification, return, and the way back.</content>
public sealed partial class Execute
{
    private const string Precondition = "precondition";
    private const string Verification = "verification";

    private void Next(Run run, List<ResponseChange> changes, DateTimeOffset now)
    {
        run.NextAt = null;
        if (run.Rollback is { } rollback)
            NextBack(run, rollback, changes, now);
        else if (MustWait(run))
            Wait(run, changes, now);
        else if (!run.PreconditionsHold && !run.Runbook.Preconditions.IsEmpty)
            Check(run, Precondition, run.Runbook.Preconditions, changes, now);
        else
            NextStep(run, changes, now);
    }

    // Nothing begins by itself in a muted incident. What has begun goes on: a node that is held must be returned in order.
    private bool MustWait(Run run) => run is { HasActed: false, IsApproved: false } && _tell.IsMuted(run.Execution.IncidentId);

    private void Wait(Run run, List<ResponseChange> changes, DateTimeOffset now)
    {
        const string reason = "waits as long as its incident is muted; a person may run it";
        // What was checked before the wait says nothing about the time after it.
        run.PreconditionsHold = false;
        run.BeginStep();
        run.NextAt = now + options.Recheck;
        if (run.Execution.Reason != reason)
            Change(run, run.Execution.State, reason, changes, now);
    }

    private void NextStep(Run run, List<ResponseChange> changes, DateTimeOffset now)
    {
        var steps = run.Execution.Steps;
        var index = 0;
        while (index < steps.Length && steps[index].State is not (StepState.Pending or StepState.Intended))
            index++;
        if (index >= run.Runbook.Steps.Length && !run.IsVerified && !run.Runbook.Verification.IsEmpty)
        {
            if (run.Execution.State != ExecutionState.Verifying)
                Change(run, ExecutionState.Verifying, string.Create(CultureInfo.InvariantCulture, $"all checks must hold for {run.Runbook.Soak.TotalMinutes:0.#} minutes"), changes, now);
            Check(run, Verification, run.Runbook.Verification, changes, now);
        }
        else if (index == steps.Length)
        {
            Finish(run, ExecutionState.Succeeded, run.Runbook.Verification.IsEmpty ? "all steps are done" : "all steps are done and verified", changes, now);
        }
        else
        {
            Intend(run, index, changes, now);
        }
    }

    private void Check(Run run, string id, ImmutableArray<RunbookCheck> checks, List<ResponseChange> changes, DateTimeOffset now)
    {
        run.StepStartedAt ??= now;
        var parameters = checks.SelectMany((check, i) => new[]
        {
            KeyValuePair.Create($"expr.{i:000}", check.Expression), KeyValuePair.Create($"name.{i:000}", check.Name),
        });
        Emit(run, new RunbookStep { Id = id, Action = VerifyAction.Verify, Parameters = LabelSet.From(parameters), Source = run.Runbook.Source }, changes, now);
    }

    private void Intend(Run run, int index, List<ResponseChange> changes, DateTimeOffset now)
    {
        var record = run.Execution.Steps[index];
        var step = record.Step;
        run.StepStartedAt ??= now;
        switch (step.Action)
        {
            case "ask" when !run.IsApproved:
                Ask(run, TextOf(run, step, "a yes is needed to go on"), changes, now);
                return;
            case "ask":
                Settle(run, index, (StepState.Done, $"{run.Execution.DecidedBy} approved"), changes, now);
                Next(run, changes, now);
                return;
            case "notify":
                Tell(run, index, changes, now);
                Next(run, changes, now);
                return;
            case "kubernetes.uncordon" when _holds.OtherOn(run.Execution.Node, run.Execution.Id) is { } other:
                Settle(run, index, (StepState.Skipped, $"still held by {other.Id}"), changes, now);
                ReleaseOwn(run, changes, now);
                Next(run, changes, now);
                return;
            case "kubernetes.cordon":
                TakeHold(run, changes, now);
                break;
        }

        if (step.Action.StartsWith("kubernetes.", StringComparison.Ordinal) || step.Action == "webhook")
            (run.HasActed, run.IsApproved) = (true, false);
        Emit(run, step, changes, now, index);
    }

    private void Emit(Run run, RunbookStep step, List<ResponseChange> changes, DateTimeOffset now, int? index = null)
    {
        var attempt = run.NextAttempt(step.Id);
        if (index is { } at)
        {
            var record = run.Execution.Steps[at];
            run.Execution = run.Execution with { Steps = run.Execution.Steps.SetItem(at, record with { State = StepState.Intended, Attempt = attempt, IntendedAt = now }) };
            changes.Add(new ResponseChange { Execution = run.Execution });
        }

        var target = run.Execution.Node ?? run.Execution.Target;
        run.Pending = new StepIntent(run.Execution.Id, step.Id, attempt, step.Action, target, ParametersOf(run, step), now) { Timeout = step.Timeout };
        run.PendingTicks = 0;
        changes.Add(new ResponseChange { Intent = run.Pending });
    }

    private LabelSet ParametersOf(Run run, RunbookStep step)
    {
        var execution = run.Execution;
        var filled = new Template(execution, topology.Current).Fill(step.Parameters)
            .With("incident", execution.IncidentId)
            .With("execution", execution.Id)
            .With("since", run.StepStartedAt!.Value.ToString("O", CultureInfo.InvariantCulture));
        if (_holds.Find(execution.Id) is { } hold)
            filled = filled.With("owner", hold.Owner).With("expires", hold.ExpiresAt.ToString("O", CultureInfo.InvariantCulture));
        return step.Action == "kubernetes.uncordon" ? filled.With("marks", _holds.MarksOf(execution.Node, execution.Id)) : filled;
    }

    private void Watch(Run run, StepIntent pending, List<ResponseChange> changes, DateTimeOffset now)
    {
        run.PendingTicks++;
        var limit = pending.Timeout + options.LostAfter;
        if (run.PendingTicks > limit.TotalSeconds)
            Conclude(run, new StepOutcome(pending, StepResult.Failed, $"no outcome came within {limit.TotalSeconds:0} s", now), changes, now);
    }

    private void Conclude(Run run, StepOutcome outcome, List<ResponseChange> changes, DateTimeOffset now)
    {
        run.Pending = null;
        if (run.Rollback is { } rollback && outcome.Intent.StepId.StartsWith(BackPrefix, StringComparison.Ordinal))
            OnBack(run, rollback, outcome, changes, now);
        else if (run.Rollback is not null)
            OnLate(run, outcome, changes, now);
        else if (outcome.Intent.StepId == Precondition)
            OnPrecondition(run, outcome, changes, now);
        else if (outcome.Intent.StepId == Verification)
            OnVerification(run, outcome, changes, now);
        else
            OnStep(run, outcome, changes, now);
    }

    // The run was stopped while the step was in flight: note how it ended, then go back.
    private void OnLate(Run run, StepOutcome outcome, List<ResponseChange> changes, DateTimeOffset now)
    {
        if (IndexOf(run, outcome) is { } index)
            Settle(run, index, (outcome.Result == StepResult.Succeeded ? StepState.Done : StepState.Failed, outcome.Detail), changes, now);
        Next(run, changes, now);
    }

    private void OnPrecondition(Run run, StepOutcome outcome, List<ResponseChange> changes, DateTimeOffset now)
    {
        var waited = now - run.StepStartedAt!.Value;
        if (outcome.Result == StepResult.Succeeded)
        {
            run.PreconditionsHold = true;
            run.BeginStep();
            Next(run, changes, now);
        }
        else if (outcome.Result != StepResult.Impossible && waited < options.PreconditionLimit)
        {
            run.NextAt = now + options.Recheck;
        }
        else
        {
            Finish(run, ExecutionState.Refused, $"precondition: {outcome.Detail}", changes, now);
        }
    }

    private void OnVerification(Run run, StepOutcome outcome, List<ResponseChange> changes, DateTimeOffset now)
    {
        run.VerifyingSince ??= now;
        run.SoakedSince = outcome.Result == StepResult.Succeeded ? run.SoakedSince ?? now : null;
        // Only a look at the end of the soak ends it: time that passed since the last one proves nothing.
        if (run.SoakedSince is { } since && now - since >= run.Runbook.Soak)
        {
            run.IsVerified = true;
            run.BeginStep();
            Next(run, changes, now);
            return;
        }

        var waited = now - run.VerifyingSince.Value;
        if (run.SoakedSince is null && waited >= run.Runbook.HoldExpiry)
        {
            Finish(run, ExecutionState.Failed, $"the fault is still there: {outcome.Detail}; the node stays held", changes, now);
            return;
        }

        if (run.SoakedSince is null && waited >= options.VerifyAlarm && !run.IsAlarmed)
        {
            run.IsAlarmed = true;
            Escalate(run, $"the fault is still there after {options.VerifyAlarm.TotalMinutes:0} minutes: {outcome.Detail}", changes, now);
        }

        run.NextAt = now + options.Recheck;
    }

    private void OnStep(Run run, StepOutcome outcome, List<ResponseChange> changes, DateTimeOffset now)
    {
        if (IndexOf(run, outcome) is not { } index)
            return;
        var record = run.Execution.Steps[index];
        if (outcome.Result == StepResult.Succeeded)
        {
            Settle(run, index, (StepState.Done, outcome.Detail), changes, now);
            if (record.Step.Action == "kubernetes.uncordon")
                ReleaseOwn(run, changes, now);
            Next(run, changes, now);
        }
        else if (MayRetry(run, record.Step, outcome, now) is { } after)
        {
            run.Execution = run.Execution with { UpdatedAt = now, Steps = run.Execution.Steps.SetItem(index, record with { State = StepState.Pending, Detail = outcome.Detail }) };
            run.NextAt = now + after;
            changes.Add(new ResponseChange { Execution = run.Execution });
        }
        else
        {
            Settle(run, index, (StepState.Failed, outcome.Detail), changes, now);
            OnFailed(run, record.Step, outcome.Detail, changes, now);
        }
    }

    // What a failed step means is the runbook's choice: parameter on_failure is rollback (default), continue or hold.
    private void OnFailed(Run run, RunbookStep step, string detail, List<ResponseChange> changes, DateTimeOffset now)
    {
        var reason = $"step {step.Id} failed: {detail}";
        switch (step.Parameters["on_failure"])
        {
            case "continue":
                Next(run, changes, now);
                break;
            case "hold":
                Finish(run, ExecutionState.Failed, $"{reason}; the node stays held", changes, now);
                break;
            default:
                Stop(run, ExecutionState.Failed, reason, changes, now);
                break;
        }
    }

    private TimeSpan? MayRetry(Run run, RunbookStep step, StepOutcome outcome, DateTimeOffset now)
    {
        if (outcome.Result == StepResult.NotYet)
            return now - run.StepStartedAt!.Value < options.NotYetLimit ? options.Recheck : null;
        if (outcome.Result != StepResult.Failed || ++run.Failures >= step.Attempts)
            return null;
        var seconds = options.RetryDelay.TotalSeconds * Math.Pow(2, Math.Min(run.Failures - 1, 16));
        return TimeSpan.FromSeconds(Math.Min(seconds, options.MaximumRetryDelay.TotalSeconds));
    }

    private void Tell(Run run, int index, List<ResponseChange> changes, DateTimeOffset now)
    {
        var text = TextOf(run, run.Execution.Steps[index].Step, run.Runbook.Title);
        var notification = _tell.About(run.Execution with { Reason = text }, NotificationKind.Updated, now);
        if (notification is not null)
            changes.Add(new ResponseChange { Notification = notification });
        Settle(run, index, (StepState.Done, text), changes, now);
    }

    private string TextOf(Run run, RunbookStep step, string otherwise) =>
        step.Parameters.TryGet("text", out var text) ? new Template(run.Execution, topology.Current).Fill(text) : otherwise;

    private static int? IndexOf(Run run, StepOutcome outcome)
    {
        for (var i = 0; i < run.Execution.Steps.Length; i++)
        {
            if (run.Execution.Steps[i] is { State: StepState.Intended } record && record.Step.Id == outcome.Intent.StepId)
                return i;
        }

        return null;
    }

    private static void Settle(Run run, int index, (StepState State, string Detail) what, List<ResponseChange> changes, DateTimeOffset now)
    {
        var record = run.Execution.Steps[index] with { State = what.State, CompletedAt = now, Detail = what.Detail };
        run.Execution = run.Execution with { UpdatedAt = now, Steps = run.Execution.Steps.SetItem(index, record) };
        run.BeginStep();
        changes.Add(new ResponseChange { Execution = run.Execution });
    }
}
