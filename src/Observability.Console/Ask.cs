using Observability.Model;

namespace Observability.Console;

/// <summary>Commands as the console builds them. Who asks and when is stamped by <see cref="LivePage.SubmitAsync"/>, in one place.</summary>
internal static class Ask
{
    private const string Door = "console";

    public static Command Acknowledge(string incident) =>
        new AcknowledgeIncident(incident) { Actor = "", Door = Door, At = default };

    public static Command Assign(string incident, string assignee) =>
        new AssignIncident(incident, assignee.Trim()) { Actor = "", Door = Door, At = default };

    public static Command Annotate(string incident, string text) =>
        new AnnotateIncident(incident, text.Trim()) { Actor = "", Door = Door, At = default };

    public static Command Feedback(string incident, bool wasUseful, EntityId? trueCause) =>
        new GiveFeedback(incident, wasUseful, trueCause) { Actor = "", Door = Door, At = default };

    public static Command Stand(RuleId rule, Standing to, bool pin, string reason) =>
        new SetStanding(rule, to, pin) { Actor = "", Door = Door, At = default, Reason = reason.Trim() };

    public static Command Judge(ulong fingerprint, bool wasRight) =>
        new JudgeFiring(fingerprint, wasRight) { Actor = "", Door = Door, At = default };

    public static Command Answer(string question, LabelAnswer answer) =>
        new AnswerQuestion(question, answer) { Actor = "", Door = Door, At = default };

    public static Command UseModel(string version) =>
        new UseModel(version) { Actor = "", Door = Door, At = default };

    public static Command Retrain() => new RetrainModel { Actor = "", Door = Door, At = default };

    public static Command Run(string incident, string runbook, bool dryRun) =>
        new RunRunbook(incident, runbook, dryRun) { Actor = "", Door = Door, At = default };

    public static Command Approve(string execution, string reason) =>
        new ApproveExecution(execution) { Actor = "", Door = Door, At = default, Reason = reason };

    public static Command Reject(string execution, string reason) =>
        new RejectExecution(execution) { Actor = "", Door = Door, At = default, Reason = reason };

    public static Command Abort(string execution, string reason) =>
        new AbortExecution(execution) { Actor = "", Door = Door, At = default, Reason = reason };

    public static Command Release(string hold, string reason) =>
        new ReleaseHold(hold) { Actor = "", Door = Door, At = default, Reason = reason };

    public static Command Silence(Silence silence) =>
        new CreateSilence(silence) { Actor = "", Door = Door, At = default, Reason = silence.Comment };

    public static Command Unsilence(string silence) =>
        new ExpireSilence(silence) { Actor = "", Door = Door, At = default };

    public static Command Exclude(BudgetExclusion exclusion) =>
        new ExcludeFromBudget(exclusion) { Actor = "", Door = Door, At = default, Reason = exclusion.Reason };
}
