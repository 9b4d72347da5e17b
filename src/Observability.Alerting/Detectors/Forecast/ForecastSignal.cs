using Observability.Model;

namespace Observability.Alerting;

/// <summary>A number that runs towards a limit and should be acted on before it arrives.</summary>
/// <param name="AlertName">Name of the alert.</param>
/// <param name="Expression">PromQL; one element per thing watched.</param>
/// <param name="Unit">Unit for the texts.</param>
/// <param name="Threshold">The limit.</param>
/// <param name="IsAbove">True where the limit lies above the value, false where below.</param>
/// <param name="What">What happens at the limit, for the summary.</param>
/// <param name="Entity">Whose number it is.</param>
internal sealed record ForecastSignal(string AlertName, string Expression, string Unit, double Threshold, bool IsAbove, string What, Func<LabelSet, EntityId?> Entity)
{
    /// <summary>Runbook of the alert.</summary>
    public string Runbook { get; init; } = "runbooks/gpu-health.md";

    /// <summary>A file system of a node, as a share of its size; file systems in memory are not asked about.</summary>
    public static ForecastSignal Disk { get; } = new(
        "DiskFillsUp",
        "100 * min by (node, device, mountpoint) (node_filesystem_avail_bytes{fstype!~\"tmpfs|ramfs|overlay|squashfs\"} / node_filesystem_size_bytes)",
        "% free", 3, IsAbove: false, "is nearly full", Node)
    {
        Runbook = "runbooks/platform.md",
    };

    /// <summary>The limit of the rule GpuRemappedRowsLimit: then the spare rows are used up.</summary>
    public static ForecastSignal RemappedRows { get; } = new(
        "GpuRowsRunOut", "max by (node, gpu, UUID) (DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS)", "remapped rows", 512, IsAbove: true, "has no spare memory row left", Gpu);

    /// <summary>
    /// Bits that the receiver's error correction repaired, as the logarithm of their share: the early sign of a fading optic or a bad cable. Beyond
    /// 2.4e-4 (-3.6) the correction of PAM4 links, RS(544,514), can no longer hold the error-free rate (IEEE 802.3 clause 119, KP4).
    /// </summary>
    public static ForecastSignal OpticErrors { get; } = new(
        "OpticFades",
        "log10(sum by (node, device) (rate(node_ethtool_received_corrected_bits_phy[10m])) / on (node, device) (8 * max by (node, device) (node_infiniband_rate_bytes_per_second)))",
        "log10 of the bit error rate", -3.6, IsAbove: true, "can no longer be corrected", Nic)
    {
        Runbook = "runbooks/slow-nic.md",
    };

    /// <summary>Damaged symbols and packets per second, towards the limit of the rule NicErrorsRising.</summary>
    public static ForecastSignal NicErrors { get; } = new(
        "NicErrorsGrow",
        "sum by (node, device) (rate(node_infiniband_symbol_error_total[10m])) + on (node, device) sum by (node, device) (rate(node_infiniband_port_errors_received_total[10m]))",
        "per second", 0.5, IsAbove: true, "damages too many packets", Nic)
    {
        Runbook = "runbooks/slow-nic.md",
    };

    /// <summary>
    /// Light that the weakest lane of a transceiver receives, in decibels above the limit at which the module itself raises its alarm (SFF-8636,
    /// CMIS: the thresholds are the module's own). A receiver that is dark reads its floor: that is a link that is down, and no trend.
    /// </summary>
    public static ForecastSignal OpticPower { get; } = new(
        "OpticPowerFalls",
        "10 * log10(min by (node, device) (label_replace((transceiver_exporter_laser_rx_power_milliwatts{node!=\"\"} > 0.01) / transceiver_exporter_laser_rx_power_low_alarm_threshold_milliwatts, \"device\", \"$1\", \"interface\", \"(.+)\")))",
        "dB above its alarm", 0, IsAbove: false, "receives too little light", Nic)
    {
        Runbook = "runbooks/slow-nic.md",
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ForecastSignal> All { get; } = [Disk, RemappedRows, OpticErrors, OpticPower, NicErrors];

    private static EntityId? Node(LabelSet labels) => labels.Has("node") ? new EntityId(EntityKind.Node, labels["node"]) : null;

    private static EntityId? Gpu(LabelSet labels) => labels.Has("UUID") ? new EntityId(EntityKind.Gpu, labels["UUID"]) : null;

    private static EntityId? Nic(LabelSet labels) => labels.Has("node") && labels.Has("device") ? new EntityId(EntityKind.Nic, $"{labels["node"]}/{labels["device"]}") : null;
}
