using System.Collections.Frozen;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// One spelling for what dcgm-exporter writes in many: DCGM 4.6 renamed half of its fields, newer exporters write
/// <c>hostname</c>, older ones <c>uuid</c>, NVLink series <c>gpu_uuid</c>. Rules and detectors know the names up to exporter 4.8.2.
/// </summary>
public static class DcgmNames
{
    // DCGM 4.6 "Field Naming Standard": the new spelling and the one we keep, by field id.
    private static readonly FrozenDictionary<string, string> Renamed = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["DCGM_FI_DEV_MEMORY_TEMP_CELSIUS"] = "DCGM_FI_DEV_MEMORY_TEMP",
        ["DCGM_FI_DEV_GPU_TEMP_CELSIUS"] = "DCGM_FI_DEV_GPU_TEMP",
        ["DCGM_FI_DEV_BOARD_POWER_WATTS"] = "DCGM_FI_DEV_POWER_USAGE",
        ["DCGM_FI_DEV_PCIE_REPLAY_TOTAL"] = "DCGM_FI_DEV_PCIE_REPLAY_COUNTER",
        ["DCGM_FI_DEV_GPU_UTIL_RATIO"] = "DCGM_FI_DEV_GPU_UTIL",
        ["DCGM_FI_DEV_XID_ERROR"] = "DCGM_FI_DEV_XID_ERRORS",
        ["DCGM_FI_DEV_ROW_REMAP_UNCORRECTABLE_TOTAL"] = "DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS",
        ["DCGM_FI_DEV_ROW_REMAP_CORRECTABLE_TOTAL"] = "DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS",
        ["DCGM_FI_DEV_ROW_REMAP_FAILED"] = "DCGM_FI_DEV_ROW_REMAP_FAILURE",
        ["DCGM_FI_DEV_NVLINK_THROUGHPUT_TOTAL"] = "DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL",
        ["DCGM_FI_DEV_CLOCK_THROTTLE_REASONS"] = "DCGM_FI_DEV_CLOCKS_EVENT_REASONS",
        ["DCGM_FI_PROF_GR_ENGINE_UTIL_RATIO"] = "DCGM_FI_PROF_GR_ENGINE_ACTIVE",
        ["DCGM_FI_PROF_SM_UTIL_RATIO"] = "DCGM_FI_PROF_SM_ACTIVE",
        ["DCGM_FI_PROF_SM_OCCUPANCY_RATIO"] = "DCGM_FI_PROF_SM_OCCUPANCY",
        ["DCGM_FI_PROF_TENSOR_UTIL_RATIO"] = "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE",
        ["DCGM_FI_PROF_DRAM_UTIL_RATIO"] = "DCGM_FI_PROF_DRAM_ACTIVE",
        ["DCGM_FI_SYSTEM_DRIVER_VERSION"] = "DCGM_FI_DRIVER_VERSION",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Labels = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["hostname"] = "Hostname",
        ["uuid"] = "UUID",
        ["gpu_uuid"] = "UUID",
        ["model_name"] = "modelName",
        ["DCGM_FI_SYSTEM_DRIVER_VERSION"] = "DCGM_FI_DRIVER_VERSION",
        ["pod_name"] = "pod",
        ["pod_namespace"] = "namespace",
        ["container_name"] = "container",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Name and labels in the one spelling; metrics that are not DCGM's pass unchanged.</summary>
    public static LabelSet Normalise(string name, IReadOnlyList<KeyValuePair<string, string>> labels)
    {
        var isDcgm = name.StartsWith("DCGM_", StringComparison.Ordinal);
        var own = isDcgm
            ? labels.Select(label => KeyValuePair.Create(Labels.GetValueOrDefault(label.Key, label.Key), label.Value))
            : labels;
        return LabelSet.From(own.Append(KeyValuePair.Create(LabelSet.MetricNameLabel, isDcgm ? Renamed.GetValueOrDefault(name, name) : name)));
    }

    /// <summary>
    /// True where the value only says "unknown": DCGM's blank sentinels (int32, int64 as a float, fp64), and 0 °C memory,
    /// which boards without the sensor report.
    /// </summary>
    public static bool IsBlank(string name, double value)
    {
        if (!name.StartsWith("DCGM_", StringComparison.Ordinal))
            return false;
        return value is >= 9.2233720368547e18 or (>= 140_737_488_355_328 and <= 140_737_488_355_331) or (>= 2_147_483_632 and <= 2_147_483_635)
            || (value == 0 && name == "DCGM_FI_DEV_MEMORY_TEMP");
    }
}
