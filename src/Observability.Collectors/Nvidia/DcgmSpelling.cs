using System.Collections.Frozen;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Brings DCGM series of every exporter version to the spelling of exporter 4.8.2: metric names that DCGM 4.6 renamed, and
/// labels that moved. MIG (<c>GPU_I_ID</c>, <c>GPU_I_PROFILE</c>), vGPU (<c>vgpu</c>) and DRA labels (<c>dra_*</c>) are spelt one
/// way in all versions and pass.
/// <code>
/// hostname, uuid, gpu_uuid, model_name            newer, older and NVLink series
/// pod_name, pod_namespace, container_name         exporters before 2.0
/// exported_pod, exported_namespace, exported_…    a federated Prometheus scraped without honor_labels: pod is the exporter's there
/// DCGM_FI_SYSTEM_DRIVER_VERSION                   a counter of type label: its name is a field's
/// </code>
/// </summary>
internal static class DcgmSpelling
{
    private const string Prefix = "DCGM_";
    private const string FieldPrefix = "DCGM_FI_";
    private const string Exported = "exported_";
    private const double BlankInt64 = 9.2233720368547758e18;

    private static readonly FrozenDictionary<string, string> LabelNames = new Dictionary<string, string>
    {
        ["hostname"] = "Hostname",
        ["uuid"] = "UUID",
        ["gpu_uuid"] = "UUID",
        ["model_name"] = "modelName",
        ["pod_name"] = "pod",
        ["pod_namespace"] = "namespace",
        ["container_name"] = "container",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly Func<double, bool> s_isBlank = IsBlank;
    private static readonly Func<double, bool> s_isBlankTemperature = IsBlankTemperature;

    private static readonly FrozenSet<string> OfWorkload = FrozenSet.ToFrozenSet(["pod", "namespace", "container", "pod_uid"], StringComparer.Ordinal);

    private static readonly FrozenSet<string> BlankTexts = FrozenSet.ToFrozenSet(
        ["<<<NULL>>>", "<<<NOT_FOUND>>>", "<<<NOT_SUPPORTED>>>", "<<<NOT_PERM>>>"], StringComparer.Ordinal);

    // Declared as counters, yet rates or windows: MB/s, bytes per second, events within a sliding window that fall back to 0.
    private static readonly FrozenDictionary<string, string> UnitOfGauges = new Dictionary<string, string>
    {
        ["DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL"] = "megabytes_per_second",
        ["DCGM_FI_DEV_NVLINK_TX_BANDWIDTH_TOTAL"] = "megabytes_per_second",
        ["DCGM_FI_DEV_NVLINK_RX_BANDWIDTH_TOTAL"] = "megabytes_per_second",
        ["DCGM_FI_DEV_NVLINK_THROUGHPUT_PER_LINK"] = "megabytes_per_second",
        ["DCGM_FI_PROF_PCIE_TX_BYTES"] = "bytes_per_second",
        ["DCGM_FI_PROF_PCIE_RX_BYTES"] = "bytes_per_second",
        ["DCGM_FI_PROF_NVLINK_TX_BYTES"] = "bytes_per_second",
        ["DCGM_FI_PROF_NVLINK_RX_BYTES"] = "bytes_per_second",
        ["DCGM_EXP_XID_ERRORS_COUNT"] = "",
        ["DCGM_EXP_CLOCK_EVENTS_COUNT"] = "",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> UnitOfOthers = new Dictionary<string, string>
    {
        ["DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION"] = "millijoules",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The one spelling of a series, and which of its values are blank. Series that are not DCGM's pass unchanged.</summary>
    public static SeriesShape Shape(LabelSet scraped)
    {
        var name = scraped.MetricName;
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
            return new SeriesShape(scraped);
        var known = DcgmNames.Canonical(name);
        var isUnknown = known == "DCGM_FI_DEV_MEMORY_TEMP" ? s_isBlankTemperature : s_isBlank;
        if (IsSpelled(scraped))
            return new SeriesShape(known == name ? scraped : scraped.With(LabelSet.MetricNameLabel, known), isUnknown);
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);

        // The old spelling wins where a series has both.
        foreach (var (label, value) in scraped)
        {
            if (!BlankTexts.Contains(value) && Spelled(label) == label && !IsExported(label))
                labels[label] = value;
        }

        foreach (var (label, value) in scraped)
        {
            if (BlankTexts.Contains(value))
                continue;
            if (IsExported(label))
                labels[label[Exported.Length..]] = value;
            else
                labels.TryAdd(Spelled(label), value);
        }

        labels[LabelSet.MetricNameLabel] = known;
        return new SeriesShape(LabelSet.From(labels), isUnknown);
    }

    // Nothing about the labels has to change: the usual case.
    private static bool IsSpelled(LabelSet scraped)
    {
        for (var i = 0; i < scraped.Count; i++)
        {
            var (label, value) = scraped.At(i);
            if (Spelled(label) != label || IsExported(label) || (value.StartsWith('<') && BlankTexts.Contains(value)))
                return false;
        }

        return true;
    }

    /// <summary>
    /// What an exporter says about a family, corrected: its name in the one spelling, its type where "counter" is wrong, its unit where
    /// it is not a base unit. Energy is in mJ, NVLink bandwidth in MB/s and never to be put through <c>rate()</c>.
    /// </summary>
    public static MetricMetadata Describe(MetricMetadata stated)
    {
        if (!stated.Family.StartsWith(Prefix, StringComparison.Ordinal))
            return stated;
        var family = DcgmNames.Canonical(stated.Family);
        var isGauge = UnitOfGauges.TryGetValue(family, out var unit)
            || (family.StartsWith("DCGM_FI_DEV_NVLINK_", StringComparison.Ordinal) && family.Contains("_BANDWIDTH_L", StringComparison.Ordinal));
        unit ??= isGauge ? "megabytes_per_second" : UnitOfOthers.GetValueOrDefault(family, "");
        return stated with
        {
            Family = family,
            Type = isGauge ? "gauge" : stated.Type,
            Unit = unit.Length > 0 ? unit : stated.Unit,
        };
    }

    /// <summary>
    /// DCGM's words for "no value" as numbers: int64 from 0x7ffffffffffffff0 (one double covers all four), int32
    /// 2147483632 to 2147483635, double 2^47 to 2^47 + 3.
    /// </summary>
    public static bool IsBlank(double value) =>
        value >= BlankInt64 || value is (>= 2147483632 and <= 2147483635) or (>= 140737488355328 and <= 140737488355331);

    private static string Spelled(string label) => LabelNames.TryGetValue(label, out var spelled) ? spelled
        : label.StartsWith(FieldPrefix, StringComparison.Ordinal) ? DcgmNames.Canonical(label)
        : label;

    private static bool IsExported(string label) =>
        label.StartsWith(Exported, StringComparison.Ordinal) && OfWorkload.Contains(label[Exported.Length..]);

    // Boards without a memory sensor print 0 (dcgm-exporter #460).
    private static bool IsBlankTemperature(double value) => value == 0 || IsBlank(value);
}
