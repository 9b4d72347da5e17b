using System.Collections.Frozen;
using System.Globalization;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>Names, labels and texts of the alert that an event raises.</summary>
internal static class EventTexts
{
    private static readonly string[] s_hardwareIdentity =
        ["node", "UUID", "gpu", "pci_bus_id", "device", "port", "switch", "nvswitch", "link", "rack", "pdu", "job_name", "rank", "namespace", "pod"];

    // One job, one alert: thousands of ranks print the same watchdog line.
    private static readonly string[] s_jobIdentity = ["job_name", "namespace"];

    // What was deployed is known by its application or repository, and is another change with another text.
    private static readonly string[] s_changeIdentity = [.. s_hardwareIdentity, "service", "service_name", "app", "repository", "environment"];
    private const int MaximumText = 200;

    // A step that was computed again accuses the rank itself, wherever its log says it ran: a container has its own name for the node.
    private static readonly string[] s_rankIdentity = ["job_name", "rank", "namespace"];
    private static readonly FrozenSet<string> s_accusesRank =
        FrozenSet.ToFrozenSet(["replay:transient_error", "replay:persistent_error"], StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_runbooks = FrozenSet.ToFrozenSet(
        [
            FaultClass.GpuOffBus, FaultClass.EccUncontained, FaultClass.RowRemapPending, FaultClass.ThermalThrottle,
            FaultClass.SlowNic, FaultClass.LeafFlap, FaultClass.PcieWidthLoss, FaultClass.UserCodeHang,
            FaultClass.DataLoaderStall, FaultClass.StorageStall, FaultClass.BadChange, FaultClass.JobKilled, FaultClass.MonitorSilent, FaultClass.NodeDown, FaultClass.SilentCorruption,
        ],
        StringComparer.Ordinal);

    /// <summary>The alert of an entry, with its log line and catalogue row as evidence.</summary>
    public static Alert AlertOf(EventEntry entry, string recoveryAction)
    {
        var item = entry.Last!;
        var row = entry.Row;
        return new Alert
        {
            Labels = entry.Labels,
            State = AlertState.Firing,
            StartsAt = row.Count == 1 ? entry.FirstAt : entry.LastAt,
            UpdatedAt = entry.LastAt,
            Annotations = AnnotationsOf(entry, item, recoveryAction),
            Origin = AlertOrigin.Event,
            GeneratorUrl = row.Source.ToString(),
            Evidence =
            [
                row.FaultClass == FaultClass.BadChange
                    ? new Evidence(EvidenceKind.Change, MeaningOf(row, item), item.Raw, item.At)
                    : new Evidence(EvidenceKind.LogLine, $"{item.Code}: {row.Meaning}", item.Raw, item.At),
                new Evidence(EvidenceKind.Rule, $"catalogue row {row.Code}, action {row.Action} ({row.Reference})", row.Source.ToString(), item.At),
            ],
        };
    }

    private static LabelSet AnnotationsOf(EventEntry entry, TelemetryEvent item, string recovery)
    {
        var row = entry.Row;
        return LabelSet.Of(
            ("summary", MeaningOf(row, item)),
            ("description", $"{entry.Events.ToString(CultureInfo.InvariantCulture)} event(s) {item.Code} since {entry.FirstAt:u}, last: {item.Raw}"),
            ("action", row.Action),
            ("events", entry.Events.ToString(CultureInfo.InvariantCulture)),
            ("recovery_action", recovery.Equals("None", StringComparison.OrdinalIgnoreCase) ? "" : recovery),
            ("previous_xid", entry.PreviousXid),
            ("ranks", string.Join(",", entry.Ranks)),
            ("runbook_url", RunbookOf(row.FaultClass)));
    }

    // Of a change people want to know which.
    private static string MeaningOf(FaultCatalogueRow row, TelemetryEvent item) =>
        row.FaultClass == FaultClass.BadChange && item.Fields["text"] is { Length: > 0 } text ? $"{row.Meaning}: {text}" : row.Meaning;

    private static string RunbookOf(string faultClass) =>
        faultClass == FaultClass.Maintenance ? "runbooks/platform.md"
        : s_runbooks.Contains(faultClass) ? $"runbooks/{faultClass.Replace('_', '-')}.md"
        : "runbooks/gpu-health.md";

    /// <summary>Labels of the alert: who, what, and what the row says of it.</summary>
    public static LabelSet LabelsOf(FaultCatalogueRow row, string code, LabelSet who) => who.With(LabelSet.Of(
        (AlertLabel.Name, NameOf(code) + (row.Count > 1 ? "Repeated" : "")),
        ("code", code),
        (AlertLabel.Severity, row.Severity),
        (AlertLabel.FaultClass, row.FaultClass),
        (AlertLabel.Role, row.Role)));

    // xid:79 → Xid79, mlx5:link_down → Mlx5LinkDown
    private static string NameOf(string code) => code == EventAlerter.MaintenanceStart
        ? "MaintenanceWindow"
        : string.Concat(code.Split(':', '_', '-').Where(word => word.Length > 0).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>The labels that say whom an event is about.</summary>
    public static LabelSet Identity(TelemetryEvent item)
    {
        var labels = item.Labels;
        if (!labels.Has("job_name") && labels["job"] is { Length: > 0 } job)
            labels = labels.With("job_name", job);
        if (item.Source == EventSource.Change && !item.Code.StartsWith("change:maintenance_", StringComparison.Ordinal))
            return ChangeIdentity(labels, item.Fields["text"]);
        var ofJob = item.Source is EventSource.Nccl or EventSource.Training && labels.Has("job_name");
        return labels.Keep(!ofJob ? s_hardwareIdentity : s_accusesRank.Contains(item.Code) ? s_rankIdentity : s_jobIdentity);
    }

    private static LabelSet ChangeIdentity(LabelSet labels, string text)
    {
        var kept = labels.Keep(s_changeIdentity);
        return text.Length == 0 ? kept : kept.With("change", text.Length > MaximumText ? text[..MaximumText] : text);
    }
}
