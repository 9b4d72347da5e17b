using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Response;

/// <content>The way back, and the holds that it ends.</content>
public sealed partial class Execute
{
    private const string BackPrefix = "rollback-";

    // A runbook that cordons and writes no way back still has one.
    private static ImmutableArray<RunbookStep> WayBack(Runbook runbook) =>
        !runbook.Rollback.IsEmpty || !runbook.Steps.Any(step => step.Action == "kubernetes.cordon")
            ? runbook.Rollback
            : [new RunbookStep { Id = "uncordon", Action = "kubernetes.uncordon", Timeout = TimeSpan.FromSeconds(30), Attempts = 5, Source = runbook.Source }];

    private void NextBack(Run run, Rollback rollback, List<ResponseChange> changes, DateTimeOffset now)
    {
        while (rollback.At < rollback.Steps.Length)
        {
            var step = rollback.Steps[rollback.At];
            var isOthers = step.Action == "kubernetes.uncordon" && _holds.OtherOn(run.Execution.Node, run.Execution.Id) is not null;
            if (!isOthers && step.Action is not ("notify" or "ask"))
            {
                run.StepStartedAt ??= now;
                Emit(run, step with { Id = BackPrefix + step.Id }, changes, now);
                return;
            }

            rollback.At++;
        }

        if (rollback.Faults.Count > 0)
        {
            // It is not known to be undone, so the hold stays and a person must look.
            Finish(run, ExecutionState.Failed, $"{rollback.Reason}; not undone: {string.Join("; ", rollback.Faults)}", changes, now);
            return;
        }

        ReleaseOwn(run, changes, now);
        Finish(run, rollback.End, rollback.Reason, changes, now);
    }

    private void OnBack(Run run, Rollback rollback, StepOutcome outcome, List<ResponseChange> changes, DateTimeOffset now)
    {
        var step = rollback.Steps[rollback.At];
        if (outcome.Result != StepResult.Succeeded && MayRetry(run, step, outcome, now) is { } after)
        {
            run.NextAt = now + after;
            return;
        }

        if (outcome.Result != StepResult.Succeeded)
            rollback.Faults.Add($"{step.Id}: {outcome.Detail}");
        rollback.At++;
        run.BeginStep();
        NextBack(run, rollback, changes, now);
    }

    private void TakeHold(Run run, List<ResponseChange> changes, DateTimeOffset now)
    {
        if (run.Execution.Node is not { } node)
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
        if (_holds.TryTake(hold))
            changes.Add(new ResponseChange { Hold = hold });
    }

    private void ReleaseOwn(Run run, List<ResponseChange> changes, DateTimeOffset now)
    {
        if (_holds.Find(run.Execution.Id) is { } hold)
            changes.Add(new ResponseChange { Hold = _holds.Release(hold, now) });
    }
}
