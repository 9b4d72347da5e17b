using Observability.Incidents;
using Observability.Model;

namespace Observability.Server;

/// <summary>Why a command cannot be taken now; null where it can.</summary>
internal static class CommandRules
{
    public static string? Refusal(Command command, PlatformSnapshot snapshot, DateTimeOffset now) => command switch
    {
        { Actor.Length: 0 } => "actor: a command needs a name to answer for it",
        AcknowledgeIncident c => OpenIncident(snapshot, c.IncidentId),
        AssignIncident c => c.Assignee.Length == 0 ? "assignee: is empty; name a person or team" : OpenIncident(snapshot, c.IncidentId),
        AnnotateIncident c => Note(c.Text) ?? KnownIncident(snapshot, c.IncidentId),
        GiveFeedback c => KnownIncident(snapshot, c.IncidentId),
        AnswerQuestion c => snapshot.Learning.Questions.ContainsKey(c.QuestionId) ? null : $"question {c.QuestionId}: is unknown",
        UseModel c => ModelFault(snapshot.Learning, c.Version),
        RetrainModel => null,
        CreateSilence c => SilenceFault(c.Silence, snapshot, now),
        ExpireSilence c => snapshot.Silences.TryGetValue(c.SilenceId, out var silence) && silence.EndsAt > now
            ? null
            : $"silence {c.SilenceId}: is unknown or has ended",
        ApproveExecution c => Waiting(snapshot, c.ExecutionId),
        RejectExecution c => Waiting(snapshot, c.ExecutionId),
        AbortExecution c => Running(snapshot, c.ExecutionId),
        RunRunbook c => snapshot.Runbooks.Any(runbook => runbook.Id == c.RunbookId)
            ? OpenIncident(snapshot, c.IncidentId)
            : $"runbook {c.RunbookId}: is unknown",
        ReleaseHold c => snapshot.Holds.ContainsKey(c.HoldId) ? null : $"hold {c.HoldId}: is unknown or released already",
        ExcludeFromBudget c => ExclusionFault(c.Exclusion, snapshot),
        SetStanding c => !snapshot.Standings.ContainsKey(c.Rule) ? $"rule {c.Rule}: has not fired yet; a rule says where it begins with a label or annotation standing: shadow or live"
            : c.Reason.Length == 0 ? "reason: is empty; a promotion or demotion is audited"
            : null,
        JudgeFiring c => snapshot.Alerts.ContainsKey(c.Fingerprint) ? null : $"alert {c.Fingerprint:x16}: is unknown, or has ended too long ago",
        _ => $"{command.GetType().Name}: is not a command this version knows",
    };

    private static string? KnownIncident(PlatformSnapshot snapshot, string id) =>
        snapshot.Incidents.ContainsKey(id) ? null : $"incident {id}: is unknown";

    private static string? OpenIncident(PlatformSnapshot snapshot, string id) =>
        !snapshot.Incidents.TryGetValue(id, out var view) ? $"incident {id}: is unknown"
        : view.Incident.State == IncidentState.Merged ? $"incident {id}: was merged into {view.Incident.MergedInto}; use that one"
        : view.Incident.State == IncidentState.Resolved ? $"incident {id}: is resolved"
        : null;

    private static string? Note(string text) =>
        text.Length == 0 ? "text: is empty" : text.Length > 4_000 ? $"text: has {text.Length} characters; at most 4,000 fit" : null;

    private static string? Waiting(PlatformSnapshot snapshot, string id) =>
        !snapshot.Executions.TryGetValue(id, out var execution) ? $"execution {id}: is unknown"
        : execution.State != ExecutionState.AwaitingApproval ? $"execution {id}: does not wait for approval, it is {execution.State}"
        : null;

    private static string? Running(PlatformSnapshot snapshot, string id) =>
        !snapshot.Executions.TryGetValue(id, out var execution) ? $"execution {id}: is unknown"
        : execution.State is ExecutionState.Running or ExecutionState.Verifying or ExecutionState.AwaitingApproval
            or ExecutionState.AwaitingBudget ? null
        : $"execution {id}: is over, it is {execution.State}";

    private static string? ModelFault(LearningView learning, string version) =>
        learning.InUse == version ? $"model {version}: is in use already"
        : learning.Versions.All(model => model.Version != version) ? $"model {version}: is not on the shelf; there are {string.Join(", ", learning.Versions.Select(model => model.Version))}"
        : null;

    private static string? SilenceFault(Silence silence, PlatformSnapshot snapshot, DateTimeOffset now) =>
        silence.Matchers.IsEmpty ? "matchers: at least one is needed; a silence of everything is not allowed"
        : silence.EndsAt <= silence.StartsAt ? $"endsAt: {silence.EndsAt:O} is not after startsAt {silence.StartsAt:O}"
        : silence.EndsAt <= now ? $"endsAt: {silence.EndsAt:O} is in the past"
        : silence.Comment.Length == 0 ? "comment: is empty; say why"
        : !snapshot.Silences.ContainsKey(silence.Id) && snapshot.Silences.Values.Count(known => known.EndsAt > now) >= Silences.Maximum
            ? $"silences: {Silences.Maximum} have not ended, more are not kept; end some, or match more alerts with one"
        : null;

    private static string? ExclusionFault(BudgetExclusion exclusion, PlatformSnapshot snapshot) =>
        snapshot.Slos.All(slo => slo.Id != exclusion.SloId) ? $"slo {exclusion.SloId}: is unknown"
        : exclusion.To <= exclusion.From ? $"to: {exclusion.To:O} is not after from {exclusion.From:O}"
        : exclusion.Reason.Length == 0 ? "reason: is empty; an exclusion is audited"
        : null;
}
