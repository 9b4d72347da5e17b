using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests;

/// <summary>Alerts for tests, as rules, detectors and the fault catalogue of this repository would raise them.</summary>
internal static class Make
{
    public static DateTimeOffset At(double seconds) => Fleets.Start.AddSeconds(seconds);

    public static EntityId Job(string name) => new(EntityKind.Job, name);

    public static EntityId Node(int node) => new(EntityKind.Node, Fleets.Node(node));

    public static EntityId Monitor(int node, string exporter = "dcgm") => new(EntityKind.Monitor, $"{Fleets.Node(node)}/{exporter}");

    public static EntityId Leaf(int unit, int rail) => new(EntityKind.Switch, $"leaf-{unit}-r{rail}");

    public static Alert Alert(EntityId? entity, string name, (string Class, string Severity) what, double at, bool cause = false, AlertOrigin origin = AlertOrigin.Rule) => new()
    {
        Labels = LabelSet.Of(
            (AlertLabel.Name, name), (AlertLabel.FaultClass, what.Class), (AlertLabel.Severity, what.Severity),
            (AlertLabel.Role, cause ? AlertLabel.RoleCause : AlertLabel.RoleSymptom), (AlertLabel.Entity, entity?.ToString() ?? ""),
            ("code", origin == AlertOrigin.Event ? name : "")),
        State = AlertState.Firing,
        StartsAt = At(at),
        UpdatedAt = At(at),
        Origin = origin,
        Entity = entity,
        Annotations = LabelSet.Of(("summary", $"{name} at {entity}")),
        Evidence = origin == AlertOrigin.Event
            ? [new Evidence(EvidenceKind.LogLine, $"{name} was logged", $"NVRM: {name}", At(at)), new Evidence(EvidenceKind.Rule, $"catalogue row {name}", "rules/faults/xid.yaml:1", At(at))]
            : [new Evidence(EvidenceKind.Sample, $"{name} = 1", $"{name}_expression", At(at)) { Value = 1 }, new Evidence(EvidenceKind.Rule, $"rule {name}", "rules/gpu/gpu.rules.yaml:1", At(at))],
    };

    public static Alert Xid(EntityId gpu, int code, string faultClass, string severity, double at, bool cause = true) =>
        Alert(gpu, $"xid:{code}", (faultClass, severity), at, cause, AlertOrigin.Event);

    public static Alert Xid79(EntityId gpu, double at) => Xid(gpu, 79, FaultClass.GpuOffBus, "critical", at);

    public static Alert Xid45(EntityId gpu, double at) => Xid(gpu, 45, FaultClass.JobKilled, "info", at, cause: false);

    public static Alert Vanished(EntityId gpu, double at) => Alert(gpu, "GpuVanished", (FaultClass.GpuOffBus, "critical"), at, cause: true);

    public static Alert Throttle(EntityId gpu, double at) => Alert(gpu, "GpuThermalThrottle", (FaultClass.ThermalThrottle, "warning"), at, cause: true);

    public static EntityId Storage(string device = "fs-0") => new(EntityKind.Storage, device);

    /// <summary>Nodes that mount a file system.</summary>
    public static TopologyChange Mounts(string device, int firstNode, int nodes) => new(
        Fleets.Start, "test", [new Entity(Storage(device), device, LabelSet.Empty)],
        [.. Enumerable.Range(firstNode, nodes).Select(node => new TopologyEdge(Node(node), EdgeKind.Mounts, Storage(device), Fleets.Start))]);

    public static Alert NotAnswering(string device, double at) => Alert(Storage(device), "StorageNotAnswering", (FaultClass.StorageStall, "critical"), at, cause: true);

    public static Alert StorageStall(string job, double at) => Alert(Job(job), "JobStorageStall", (FaultClass.StorageStall, "critical"), at, cause: true);

    public static Alert NicErrors(EntityId nic, double at) => Alert(nic, "NicErrorsRising", (FaultClass.SlowNic, "warning"), at, cause: true);

    public static Alert LinkDown(EntityId nic, double at) => Alert(nic, "mlx5:link_down", (FaultClass.LeafFlap, "warning"), at, origin: AlertOrigin.Event);

    public static Alert NicLinkDown(EntityId nic, double at) => Alert(nic, "NicLinkDown", (FaultClass.LeafFlap, "warning"), at);

    public static Alert Stalled(string job, double at) => Alert(Job(job), "JobStalled", (FaultClass.UserCodeHang, "critical"), at, origin: AlertOrigin.Detector);

    public static Alert NoProgress(string job, double at) => Alert(Job(job), "JobNoProgress", (FaultClass.UserCodeHang, "warning"), at);

    public static Alert Absent(string job, double at) => Alert(Job(job), "JobMetricsAbsent", (FaultClass.JobKilled, "warning"), at);

    public static Alert StepSlow(string job, double at) => Alert(Job(job), "JobStepSlow", (FaultClass.Unknown, "warning"), at);

    public static Alert DataStall(string job, double at) => Alert(Job(job), "DataLoaderStall", (FaultClass.DataLoaderStall, "warning"), at, cause: true);

    public static Alert NcclTimeout(string job, double at) => Alert(Job(job), "nccl:watchdog_timeout", (FaultClass.UserCodeHang, "warning"), at, origin: AlertOrigin.Event);

    public static Alert Straggler(EntityId entity, double at) => Alert(entity, "RankSlow", (FaultClass.Straggler, "warning"), at, origin: AlertOrigin.Detector);

    public static Alert Silent(EntityId monitor, double at) => Alert(monitor, "MonitorDown", (FaultClass.MonitorSilent, "warning"), at, cause: true, AlertOrigin.Monitor);

    public static Alert Maintenance(EntityId node, double at) => Alert(node, "change:maintenance_start", (FaultClass.Maintenance, "info"), at, cause: true, AlertOrigin.Event);

    /// <summary>Something was changed: a deployment, a driver.</summary>
    public static Alert Changed(EntityId what, double at, string kind = "deploy") =>
        Alert(what, $"change:{kind}", (FaultClass.BadChange, "info"), at, origin: AlertOrigin.Event) with { Annotations = LabelSet.Of(("summary", $"A {kind}: 1.0 to 1.1")) };

    public static EntityId Service(string name) => new(EntityKind.Service, name);

    /// <summary>Requests of a service are slow, as another system's alert says it.</summary>
    public static Alert Slow(string service, double at, string name = "Slow") => Alert(Service(service), name, ("", "warning"), at, origin: AlertOrigin.External);

    /// <summary>Services and who calls whom.</summary>
    public static TopologyView Shop(params (string Caller, string Callee)[] calls)
    {
        var view = new TopologyView();
        view.Apply(new TopologyChange(
            Fleets.Start, "calls", [.. calls.SelectMany(call => (string[])[call.Caller, call.Callee]).Distinct().Select(name => new Entity(Service(name), name, LabelSet.Empty))],
            [.. calls.Select(call => new TopologyEdge(Service(call.Caller), EdgeKind.Calls, Service(call.Callee), Fleets.Start))]));
        return view;
    }

    public static ScreenedAlert Fires(Alert alert) => new(new AlertTransition(alert, AlertTransitionKind.Fired, alert.StartsAt), []);

    public static ScreenedAlert Ends(Alert alert, double at) =>
        new(new AlertTransition(alert with { State = AlertState.Resolved, EndsAt = At(at) }, AlertTransitionKind.Resolved, At(at)), []);
}
