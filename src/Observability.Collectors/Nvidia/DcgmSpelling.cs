using System.Collections.Frozen;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Brings DCGM series of every exporter version to the spelling of exporter 4.8.2: metric names that DCGM 4.6 renamed, and
/// labels that moved (<c>hostname</c>, <c>uuid</c>, <c>gpu_uuid</c>, <c>model_name</c>, <c>pod_name</c>).
/// </summary>
internal static class DcgmSpelling
{
    private const string Prefix = "DCGM_";
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
        ["DCGM_FI_SYSTEM_DRIVER_VERSION"] = "DCGM_FI_DRIVER_VERSION",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> BlankTexts = FrozenSet.ToFrozenSet(
        ["<<<NULL>>>", "<<<NOT_FOUND>>>", "<<<NOT_SUPPORTED>>>", "<<<NOT_PERM>>>"], StringComparer.Ordinal);

    /// <summary>The one spelling of a series, and which of its values are blank. Series that are not DCGM's pass unchanged.</summary>
    public static SeriesShape Shape(LabelSet scraped)
    {
        var name = scraped.MetricName;
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
            return new SeriesShape(scraped);
        var known = DcgmNames.Canonical(name);
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (label, value) in scraped)
        {
            if (!BlankTexts.Contains(value) && !LabelNames.ContainsKey(label))
                labels[label] = value;
        }

        // The old spelling wins where a series has both.
        foreach (var (label, value) in scraped)
        {
            if (LabelNames.TryGetValue(label, out var spelled) && !BlankTexts.Contains(value))
                labels.TryAdd(spelled, value);
        }

        labels[LabelSet.MetricNameLabel] = known;
        return new SeriesShape(LabelSet.From(labels), known == "DCGM_FI_DEV_MEMORY_TEMP" ? IsBlankTemperature : IsBlank);
    }

    /// <summary>
    /// DCGM's words for "no value" as numbers: int64 from 0x7ffffffffffffff0 (one double covers all four), int32
    /// 2147483632 to 2147483635, double 2^47 to 2^47 + 3.
    /// </summary>
    public static bool IsBlank(double value) =>
        value >= BlankInt64 || value is (>= 2147483632 and <= 2147483635) or (>= 140737488355328 and <= 140737488355331);

    // Boards without a memory sensor print 0 (dcgm-exporter #460).
    private static bool IsBlankTemperature(double value) => value == 0 || IsBlank(value);
}
