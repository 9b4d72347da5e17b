using System.Collections.Frozen;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Brings series of AMD's device-metrics-exporter to one spelling: without the optional prefix <c>amd_</c>, labels in lower case
/// (<c>GPU_UUID</c>, <c>SERIAL_NUMBER</c> of early versions), clock types without <c>GPU_CLOCK_TYPE_</c>. In CPX, DPX and QPX modes power, energy, clocks and
/// temperatures exist for partition 0 only; the 0 of the others is no measurement.
/// </summary>
internal static class AmdSpelling
{
    private const string Prefix = "amd_";
    private const string ClockPrefix = "GPU_CLOCK_TYPE_";

    private static readonly FrozenSet<string> BoardMetrics = FrozenSet.ToFrozenSet(
        [
            "gpu_package_power", "gpu_average_package_power", "gpu_power_usage", "gpu_energy_consumed", "gpu_clock", "gpu_edge_temperature",
            "gpu_junction_temperature", "gpu_memory_temperature", "gpu_hbm_temperature",
        ],
        StringComparer.Ordinal);

    /// <summary>True for series that this exporter gives, by name: <c>gpu_*</c>, <c>amd_gpu_*</c>, <c>amd_pcie_*</c>.</summary>
    public static bool IsAmd(string name) => name.StartsWith("gpu_", StringComparison.Ordinal)
        || (name.StartsWith(Prefix, StringComparison.Ordinal)
            && (name.AsSpan(Prefix.Length).StartsWith("gpu_") || name.AsSpan(Prefix.Length).StartsWith("pcie_") || name.AsSpan(Prefix.Length).StartsWith("xgmi_")));

    /// <summary>The one spelling of a series, and which of its values are blank. Only for names that <see cref="IsAmd"/> knows.</summary>
    public static SeriesShape Shape(LabelSet scraped)
    {
        var name = scraped.MetricName;
        var known = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (label, value) in scraped)
        {
            var spelled = label switch { "GPU_UUID" => "gpu_uuid", "SERIAL_NUMBER" => "serial_number", _ => label };
#pragma warning disable CA1308 // clock types are written in lower case
            labels[spelled] = label == "clock_type" && value.StartsWith(ClockPrefix, StringComparison.Ordinal) ? value[ClockPrefix.Length..].ToLowerInvariant() : value;
#pragma warning restore CA1308
        }

        labels[LabelSet.MetricNameLabel] = known;
        var isPartition = labels.TryGetValue("gpu_partition_id", out var partition) && partition is not ("0" or "");
        return new SeriesShape(LabelSet.From(labels), isPartition && BoardMetrics.Contains(known) ? IsZero : null);
    }

    private static bool IsZero(double value) => value == 0;
}
