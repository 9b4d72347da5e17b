using Observability.Model;
using Observability.Testing;

namespace Observability.Response.Tests;

/// <summary>Incidents, runbooks and commands in one line each.</summary>
internal static class Make
{
    public static DateTimeOffset T0 => Fleets.Start;

    public static Runbook Cordon(string faultClass = FaultClass.GpuOffBus, Strategy most = Strategy.Act, params RunbookCheck[] preconditions) => new()
    {
        Id = faultClass.Replace('_', '-'),
        Title = faultClass,
        Trigger = new RunbookTrigger([faultClass], 0.5, [EntityKind.Gpu, EntityKind.Switch]),
        MaximumStrategy = most,
        Risk = "medium",
        Preconditions = [.. preconditions],
        Steps = [Step("cordon", "kubernetes.cordon", ("reason", faultClass)), Step("evict", "kubernetes.evict", ("on_failure", "hold"))],
        Verification = [new RunbookCheck("healed", "healthy{UUID=\"{{ uuid }}\"}", default)],
        Soak = TimeSpan.FromMinutes(1),
        Return = [Step("uncordon", "kubernetes.uncordon")],
        Rollback = [Step("uncordon", "kubernetes.uncordon")],
        Escalation = "hardware on-call",
        Source = default,
    };

    public static RunbookStep Step(string id, string action, params (string Name, string Value)[] with) =>
        new() { Id = id, Action = action, Parameters = LabelSet.Of(with), Timeout = TimeSpan.FromSeconds(30), Attempts = 3, Source = default };

    public static ResponseOptions Act() => new() { Hardware = Strategy.Act, Otherwise = Strategy.Ask, MinimumConfidence = 0.8 };

    public static IncidentChange Verdict(int number, EntityId entity, string faultClass = FaultClass.GpuOffBus, double confidence = 0.95, DateTimeOffset? at = null)
    {
        var now = at ?? T0;
        var incident = Incident(number, now);
        return new IncidentChange(
            incident with
            {
                State = IncidentState.Open,
                Verdict = new Verdict
                {
                    IncidentId = incident.Id,
                    Revision = 1,
                    Kind = FaultClass.KindOf(faultClass),
                    FaultClass = faultClass,
                    Entity = entity,
                    Confidence = confidence,
                    DecidedAt = now,
                    Summary = $"{entity.Name} has {faultClass}",
                    Evidence = [new Evidence(EvidenceKind.LogLine, "Xid 79 in the kernel log", "NVRM: Xid", now)],
                },
            },
            IncidentChangeKind.VerdictReached,
            now,
            "verdict");
    }

    public static IncidentChange Resolved(IncidentChange before, DateTimeOffset at) =>
        new(before.Incident with { State = IncidentState.Resolved, ResolvedAt = at }, IncidentChangeKind.Resolved, at, "all alerts ended");

    public static Incident Incident(int number, DateTimeOffset now) => new()
    {
        Id = $"INC-{number:000000}",
        State = IncidentState.Gathering,
        StartedAt = now,
        OpenedAt = now,
        UpdatedAt = now,
        Title = $"incident {number}",
        Severity = "critical",
        AlertCount = 3,
        EntityCount = 1,
    };

    public static Notification Note(int number, NotificationKind kind, int count, RunbookExecution? execution = null) =>
        new() { Id = $"INC-{number:000000}/{kind}/{count}", Kind = kind, Incident = Verdict(number, Fleets.Gpu(0, 0)).Incident, Execution = execution, At = T0 };

    public static ApproveExecution Approve(string id) => new(id) { Actor = "anna", Door = "test", At = T0 };

    public static RejectExecution Reject(string id) => new(id) { Actor = "anna", Door = "test", At = T0, Reason = "not now" };

    public static AbortExecution Abort(string id) => new(id) { Actor = "anna", Door = "test", At = T0 };

    public static ReleaseHold Release(string id) => new(id) { Actor = "anna", Door = "test", At = T0 };

    public static StepOutcome Outcome(StepIntent intent, StepResult result, DateTimeOffset at, string detail = "") => new(intent, result, detail, at);

    public static StepIntent? Intent(this IEnumerable<ResponseChange> changes) => changes.Select(change => change.Intent).LastOrDefault(intent => intent is not null);

    public static RunbookExecution? Last(this IEnumerable<ResponseChange> changes) => changes.Select(change => change.Execution).LastOrDefault(execution => execution is not null);

    public static string[] Words(this IEnumerable<ResponseChange> changes) => [.. changes.Select(Word)];

    public static string Word(ResponseChange change) => change switch
    {
        { Execution: { } e } => $"{e.Id} {e.State}",
        { Intent: { } i } => $"intent {i.OperationId} {i.Action} {i.Target}",
        { Hold: { } h } => $"hold {h.Id} {h.Target}{(h.ReleasedAt is null ? "" : " released")}",
        { Notification: { } n } => $"tell {n.Id}",
        _ => "nothing",
    };
}
