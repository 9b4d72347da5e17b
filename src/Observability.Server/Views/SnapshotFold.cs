using System.Collections.Immutable;
using Observability.Model;
using Observability.Response;

namespace Observability.Server;

/// <summary>
/// Turns journal records into the snapshot that readers see. It is a pure fold, so the view after a restart is the view
/// before it.
/// </summary>
internal sealed class SnapshotFold(SnapshotOptions options)
{
    private readonly Queue<ulong> _resolvedAlerts = new();
    private readonly Queue<string> _closedIncidents = new();

    public PlatformSnapshot Apply(PlatformSnapshot before, JournalRecord record)
    {
        var after = record.Entry switch
        {
            AlertChanged changed => OnAlert(before, changed.Transition),
            TopologyChanged changed => before with { Topology = before.Topology.Apply(changed.Change) },
            CommandAccepted accepted => OnCommand(before, accepted.Command),
            IncidentChanged changed => OnIncident(before, changed.Change),
            BudgetCharged charged => OnCharge(before, charged.Charge),
            ExecutionChanged changed => OnExecution(before, changed.Execution),
            StepIntended intended => OnIntent(before, intended.Intent),
            StepCompleted completed => OnOutcome(before, completed.Outcome),
            HoldChanged changed => OnHold(before, changed.Hold),
            StandingChanged { Change: { } change } => before with
            {
                Standings = before.Standings.SetItem(change.Rule, RuleStanding.After(before.Standings.GetValueOrDefault(change.Rule), change)),
            },
            QuestionAsked asked => before with { Learning = LearningFold.Ask(before.Learning, asked.Question) },
            ModelTrained trained => before with { Learning = LearningFold.Train(before.Learning, trained.Training) },
            NotificationAttempted attempted when attempted.Delivery.Delivered => OnDelivery(before, attempted.Delivery),
            _ => before,
        };
        return after with { At = record.At, Version = record.Sequence };
    }

    private PlatformSnapshot OnAlert(PlatformSnapshot before, AlertTransition transition)
    {
        var alert = transition.Alert;
        var key = alert.Fingerprint;
        var known = before.Alerts.GetValueOrDefault(key);
        var view = known is null ? new AlertView(alert, [], 1, "") : known with { Alert = alert };
        if (transition.Kind == AlertTransitionKind.Fired)
            view = view with { IncidentId = "", IsShadow = before.Standings.TryGetValue(RuleId.Of(alert), out var rule) && rule.Standing == Standing.Shadow };
        var alerts = before.Alerts.SetItem(key, view);
        var noise = before.Noise;
        if (transition.Kind == AlertTransitionKind.Fired)
            noise = noise with { AlertsIn = noise.AlertsIn + 1 };
        else
            _resolvedAlerts.Enqueue(key);
        while (_resolvedAlerts.Count > options.ResolvedAlerts)
        {
            var oldest = _resolvedAlerts.Dequeue();
            if (alerts.TryGetValue(oldest, out var ended) && ended.Alert.State == AlertState.Resolved)
                alerts = alerts.Remove(oldest);
        }

        return before with { Alerts = alerts, Noise = noise };
    }

    private PlatformSnapshot OnIncident(PlatformSnapshot before, IncidentChange change)
    {
        var id = change.Incident.Id;
        var known = before.Incidents.GetValueOrDefault(id);
        var view = (known ?? new IncidentView { Incident = change.Incident }) with { Incident = change.Incident };
        view = view.Tell(new TimelineLine(change.At, KindOf(change.Kind), Describe(change)));
        var alerts = before.Alerts;
        if (change.Alert is { } screened && change.Kind is IncidentChangeKind.Opened or IncidentChangeKind.AlertJoined)
        {
            var key = screened.Alert.Fingerprint;
            if (view.Alerts.Count < IncidentView.MaximumAlerts && !view.Alerts.Contains(key))
                view = view with { Alerts = view.Alerts.Add(key) };
            alerts = alerts.SetItem(key, new AlertView(screened.Alert, screened.Marks, screened.Actionability, id) { IsShadow = screened.IsShadow });
        }
        else if (change is { Kind: IncidentChangeKind.Split, Alert: { } gone })
        {
            view = view with { Alerts = view.Alerts.Remove(gone.Alert.Fingerprint) };
        }

        var closes = change.Kind is IncidentChangeKind.Resolved or IncidentChangeKind.Merged;
        return before with
        {
            Alerts = alerts,
            Incidents = closes ? Close(before.Incidents.SetItem(id, view), id) : before.Incidents.SetItem(id, view),
            Noise = Count(before, change),
        };
    }

    private ImmutableSortedDictionary<string, IncidentView> Close(
        ImmutableSortedDictionary<string, IncidentView> incidents, string id)
    {
        _closedIncidents.Enqueue(id);
        while (_closedIncidents.Count > options.ClosedIncidents)
            incidents = incidents.Remove(_closedIncidents.Dequeue());
        return incidents;
    }

    private static NoiseTotals Count(PlatformSnapshot before, IncidentChange change)
    {
        var noise = before.Noise;
        if (change.Kind == IncidentChangeKind.Opened)
            noise = noise with { IncidentsOut = noise.IncidentsOut + 1 };
        if (change.Kind == IncidentChangeKind.Merged)
            noise = noise with { IncidentsOut = noise.IncidentsOut - 1 };
        // An alert that only moves from one incident to another has been counted.
        var isNew = change.Alert is { } screened && before.Alerts.GetValueOrDefault(screened.Alert.Fingerprint) is not { IncidentId.Length: > 0 };
        if (isNew && change.Kind is IncidentChangeKind.Opened or IncidentChangeKind.AlertJoined)
        {
            foreach (var mark in change.Alert?.Marks ?? [])
            {
                var soFar = noise.Reductions.GetValueOrDefault(mark.Reason);
                noise = noise with { Reductions = noise.Reductions.SetItem(mark.Reason, soFar + 1) };
            }
        }

        return noise;
    }

    private static TimelineKind KindOf(IncidentChangeKind kind) => kind switch
    {
        IncidentChangeKind.Opened or IncidentChangeKind.AlertJoined or IncidentChangeKind.AlertResolved => TimelineKind.Alert,
        IncidentChangeKind.VerdictReached => TimelineKind.Verdict,
        IncidentChangeKind.Acknowledged or IncidentChangeKind.Assigned or IncidentChangeKind.Annotated => TimelineKind.Person,
        _ => TimelineKind.Incident,
    };

    private static string Describe(IncidentChange change) => change.Kind == IncidentChangeKind.VerdictReached
        ? change.Incident.Verdict?.Summary ?? change.Reason
        : change.Reason;

    private static PlatformSnapshot OnCommand(PlatformSnapshot before, Command command) => command switch
    {
        CreateSilence create => before with { Silences = before.Silences.SetItem(create.Silence.Id, create.Silence) },
        ExpireSilence expire when before.Silences.TryGetValue(expire.SilenceId, out var silence) =>
            before with { Silences = before.Silences.SetItem(silence.Id, silence with { EndsAt = command.At }) },
        AnswerQuestion answer => OnAnswer(before, answer),
        GiveFeedback feedback => Tell(before, feedback.IncidentId, new TimelineLine(
            command.At, TimelineKind.Person, $"{command.Actor} said it was {(feedback.WasUseful ? "right and useful" : "noise")} through {command.Door}")),
        UseModel use => before with { Learning = before.Learning with { InUse = use.Version, InUseSince = command.At, InUseBy = command.Actor } },
        ApproveExecution approve => TellExecution(before, approve.ExecutionId, command, "approved"),
        RejectExecution reject => TellExecution(before, reject.ExecutionId, command, "rejected"),
        AbortExecution abort => TellExecution(before, abort.ExecutionId, command, "aborted"),
        _ => before,
    };

    private static PlatformSnapshot OnAnswer(PlatformSnapshot before, AnswerQuestion answer)
    {
        var after = before with { Learning = LearningFold.Answer(before.Learning, answer) };
        return before.Learning.Questions.TryGetValue(answer.QuestionId, out var view)
            ? Tell(after, view.Question.IncidentId, new TimelineLine(answer.At, TimelineKind.Person, $"{answer.Actor} said of {view.Question.AlertName} through {answer.Door}: {LearningFold.Words(answer.Answer)}"))
            : after;
    }

    private static PlatformSnapshot TellExecution(PlatformSnapshot before, string executionId, Command command, string did)
    {
        if (!before.Executions.TryGetValue(executionId, out var execution))
            return before;
        var why = command.Reason.Length > 0 ? $": {command.Reason}" : "";
        return Tell(before, execution.IncidentId, new TimelineLine(
            command.At, TimelineKind.Person, $"{command.Actor} {did} {execution.RunbookId} through {command.Door}{why}"));
    }

    private static PlatformSnapshot OnCharge(PlatformSnapshot before, BudgetCharge charge)
    {
        if (!before.Incidents.TryGetValue(charge.IncidentId, out var view))
            return before;
        var others = view.Charges.RemoveAll(known => known.SloId == charge.SloId);
        return before with { Incidents = before.Incidents.SetItem(charge.IncidentId, view with { Charges = others.Add(charge) }) };
    }

    private static PlatformSnapshot OnExecution(PlatformSnapshot before, RunbookExecution execution)
    {
        var known = before.Executions.GetValueOrDefault(execution.Id);
        var after = before with { Executions = before.Executions.SetItem(execution.Id, execution) };
        if (!after.Incidents.TryGetValue(execution.IncidentId, out var view))
            return after;
        if (!view.Executions.Contains(execution.Id))
            view = view with { Executions = view.Executions.Add(execution.Id) };
        if (known?.State != execution.State || known.Reason != execution.Reason)
        {
            view = view.Tell(new TimelineLine(
                execution.UpdatedAt, TimelineKind.Action, $"{execution.RunbookId}: {execution.State} — {execution.Reason}"));
        }

        return after with { Incidents = after.Incidents.SetItem(execution.IncidentId, view) };
    }

    // A check that must hold for minutes is asked every few seconds: that it is asked once, and what it says anew, is news.
    private static PlatformSnapshot OnIntent(PlatformSnapshot before, StepIntent intent) => IsAskedAgain(intent)
        ? before
        : TellStep(before, intent, new TimelineLine(
            intent.At, TimelineKind.Action, $"{intent.Action} on {before.Topology.NameOf(intent.Target)}, attempt {intent.Attempt}"));

    private static PlatformSnapshot OnOutcome(PlatformSnapshot before, StepOutcome outcome)
    {
        if (outcome.Result == StepResult.NotYet)
            return before;
        var line = new TimelineLine(outcome.At, TimelineKind.Action, $"{outcome.Intent.Action}: {outcome.Result} — {outcome.Detail}");
        var told = IsAskedAgain(outcome.Intent) && before.Executions.TryGetValue(outcome.Intent.ExecutionId, out var execution)
            ? before.Incidents.GetValueOrDefault(execution.IncidentId)?.Timeline.FindLast(earlier => earlier.Kind == TimelineKind.Action)
            : null;
        return told?.Text == line.Text ? before : TellStep(before, outcome.Intent, line);
    }

    private static bool IsAskedAgain(StepIntent intent) => intent is { Action: VerifyAction.Verify, Attempt: > 1 };

    private static PlatformSnapshot TellStep(PlatformSnapshot before, StepIntent intent, TimelineLine line) =>
        before.Executions.TryGetValue(intent.ExecutionId, out var execution)
            ? Tell(before, execution.IncidentId, line)
            : before;

    private static PlatformSnapshot OnHold(PlatformSnapshot before, Hold hold) => before with
    {
        Holds = hold.ReleasedAt is null ? before.Holds.SetItem(hold.Id, hold) : before.Holds.Remove(hold.Id),
    };

    private static PlatformSnapshot OnDelivery(PlatformSnapshot before, NotificationDelivery delivery)
    {
        var slash = delivery.NotificationId.IndexOf('/', StringComparison.Ordinal);
        var incident = slash > 0 ? delivery.NotificationId[..slash] : delivery.NotificationId;
        return Tell(before, incident, new TimelineLine(
            delivery.At, TimelineKind.Notification, $"told {delivery.Channel} ({delivery.NotificationId[(slash + 1)..]})"));
    }

    private static PlatformSnapshot Tell(PlatformSnapshot before, string incidentId, TimelineLine line) =>
        before.Incidents.TryGetValue(incidentId, out var view)
            ? before with { Incidents = before.Incidents.SetItem(incidentId, view.Tell(line)) }
            : before;
}
