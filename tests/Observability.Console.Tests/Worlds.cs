using System.Collections.Immutable;
using Observability.Model;
using Observability.Testing;

namespace Observability.Console.Tests;

/// <summary>Snapshots for pages: a fleet of five nodes, a job, and one GPU off the bus with all that follows from it.</summary>
internal static class Worlds
{
    public const string IncidentId = "INC-000001";
    public const string ExecutionId = "INC-000001/gpu-off-bus/1";

    public static DateTimeOffset At { get; } = Fleets.Start.AddMinutes(20);

    public static EntityId Gpu { get; } = Fleets.Gpu(1, 3);

    public static EntityId Node { get; } = new(EntityKind.Node, Fleets.Node(1));

    public static EntityId Job { get; } = new(EntityKind.Job, "llama");

    public static PlatformSnapshot Quiet() => PlatformSnapshot.Empty(ConsoleContext.Now) with
    {
        Version = 1,
        Topology = Topology.Empty.Apply(Fleets.Of(5, 8, ("llama", 0, 2))),
    };

    /// <summary>One GPU off the bus: an alert, an incident with its verdict, and a runbook in a state.</summary>
    public static PlatformSnapshot Failed(ExecutionState state = ExecutionState.AwaitingApproval) => With(Quiet() with { Version = 2 }, OffBus()) with
    {
        Incidents = Quiet().Incidents.Add(IncidentId, View()),
        Executions = Quiet().Executions.Add(ExecutionId, Execution(state)),
        Runbooks = [Runbook()],
        Noise = new NoiseTotals(120, 2, ImmutableSortedDictionary<NoiseReason, long>.Empty.Add(NoiseReason.Inhibited, 7)),
    };

    /// <summary>The same with a silence that keeps it quiet for a while from now on.</summary>
    public static PlatformSnapshot Muted(TimeSpan still, IncidentState state = IncidentState.Open)
    {
        var view = View();
        var incident = view.Incident with { State = state, Mute = new IncidentMute("s-1", "silenced by ada: a new one is ordered", At, ConsoleContext.Now + still) };
        return Failed() with { Incidents = Quiet().Incidents.Add(IncidentId, view with { Incident = incident }) };
    }

    public static Alert OffBus() => AlertOf("GpuOffBus", Gpu, "critical", FaultClass.GpuOffBus);

    public static Alert AlertOf(string name, EntityId? entity, string severity, string faultClass = "") => new()
    {
        Labels = LabelSet.Of(("alertname", name), ("severity", severity), ("fault_class", faultClass), ("entity", entity?.ToString() ?? "")),
        State = AlertState.Firing,
        StartsAt = At,
        UpdatedAt = At,
        Entity = entity,
        Annotations = LabelSet.Of(("summary", $"{name} happened")),
    };

    public static PlatformSnapshot With(PlatformSnapshot snapshot, Alert alert, params NoiseMark[] marks) => snapshot with
    {
        Alerts = snapshot.Alerts.Add(alert.Fingerprint, new AlertView(alert, [.. marks], 0.9, marks.Length == 0 ? IncidentId : "")),
    };

    public static IncidentView View() => new()
    {
        Incident = new Incident
        {
            Id = IncidentId,
            State = IncidentState.Open,
            StartedAt = At,
            OpenedAt = At,
            UpdatedAt = At,
            Title = "node-001/gpu3 fell off the bus",
            Severity = "critical",
            AlertCount = 9,
            FiringCount = 4,
            Entities = [Gpu, Job],
            EntityCount = 2,
            Jobs = [Job],
            Verdict = Verdict(),
        },
        Timeline = [new TimelineLine(At, TimelineKind.Alert, "GpuOffBus opened it"), new TimelineLine(At.AddSeconds(20), TimelineKind.Verdict, "it is the GPU")],
        Alerts = [OffBus().Fingerprint],
        Executions = [ExecutionId],
        Charges = [new BudgetCharge("training-goodput", IncidentId, At, 0.021, 3.5)],
    };

    public static Verdict Verdict() => new()
    {
        IncidentId = IncidentId,
        Revision = 1,
        Kind = VerdictKind.Hardware,
        FaultClass = FaultClass.GpuOffBus,
        Entity = Gpu,
        Confidence = 0.97,
        DecidedAt = At.AddSeconds(20),
        Summary = "node-001/gpu3 no longer answers; its 16 peers wait for it",
        Causes =
        [
            new RankedCause { Entity = Gpu, FaultClass = FaultClass.GpuOffBus, Score = 4, Probability = 0.97, Evidence = Lines(), Features = ImmutableSortedDictionary<string, double>.Empty.Add("onset_order", 1) },
            new RankedCause { Entity = Job, FaultClass = FaultClass.UserCodeHang, Score = 1, Probability = 0.02 },
        ],
        Evidence = Lines(),
    };

    public static ImmutableArray<Evidence> Lines() =>
    [
        new(EvidenceKind.LogLine, "the kernel log says so", "NVRM: Xid (PCI:0000:13:00): 79, GPU has fallen off the bus.", At),
        new(EvidenceKind.Sample, "its utilisation ended", "DCGM_FI_DEV_GPU_UTIL{gpu=\"3\"}", At),
        new(EvidenceKind.Rule, "the rule", "rules/gpu/gpu.rules.yaml:12", At),
        new(EvidenceKind.Counter, "its node still answers", "up{node=\"node-001\"}", At),
    ];

    public static RunbookExecution Execution(ExecutionState state) => new()
    {
        Id = ExecutionId,
        IncidentId = IncidentId,
        RunbookId = "gpu-off-bus",
        Target = Gpu,
        Node = Node,
        Strategy = Strategy.Ask,
        State = state,
        Reason = "the strategy is ask",
        CreatedAt = At.AddSeconds(25),
        UpdatedAt = At.AddSeconds(25),
        Steps = [new StepRecord(Step("cordon"), StepState.Done, 1, At, At.AddSeconds(1), "cordoned"), new StepRecord(Step("evict"), StepState.Pending, 0, null, null, "")],
    };

    public static Runbook Runbook() => new()
    {
        Id = "gpu-off-bus",
        Title = "GPU off the bus",
        Trigger = new RunbookTrigger([FaultClass.GpuOffBus], 0.8, [EntityKind.Gpu]),
        MaximumStrategy = Strategy.Act,
        Risk = "medium",
        Steps = [Step("cordon"), Step("evict")],
        Return = [Step("uncordon")],
        Verification = [new RunbookCheck("GPU answers", "up == 1", new SourceLine("gpu-off-bus.md", 30))],
        Body = "Look at the PCIe slot.",
        Source = new SourceLine("runbooks/gpu-off-bus.md", 1),
    };

    public static RunbookStep Step(string id) => new() { Id = id, Action = $"kubernetes.{id}", Source = new SourceLine("runbooks/gpu-off-bus.md", 10) };

    public static Hold Hold(string id = ExecutionId) => new()
    {
        Id = id,
        Target = Node,
        Cause = "gpu off bus",
        Owner = "gpu-off-bus",
        Since = At,
        ExpiresAt = ConsoleContext.Now.AddHours(3),
    };

    public static Silence Silence() => new()
    {
        Id = "s-1",
        Matchers = [new LabelMatcher("alertname", "GpuOffBus")],
        StartsAt = At,
        EndsAt = ConsoleContext.Now.AddHours(2),
        CreatedBy = "ada",
        Comment = "being replaced",
    };

    public static RuleStanding Stands(AlertOrigin origin, string name, Standing standing) =>
        new(new StandingChange { Rule = new RuleId(origin, name), To = standing, Reason = "measured", By = "platform", At = At }, null);

    public static SloSpec Slo() => new()
    {
        Id = "training-goodput",
        DisplayName = "Training goodput",
        Service = "training",
        Description = "GPUs do useful work",
        Indicator = new SliSpec { RawSuccess = "goodput" },
        Target = 0.95,
        Window = TimeSpan.FromDays(28),
        Source = new SourceLine("rules/slos/training.yaml", 1),
    };
}
