using System.Text;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Holds the labels of a series to the limits of its scrape, as Prometheus does
/// (https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config): target labels and the name count, lengths
/// are bytes, and one series too many fails the scrape.
/// </summary>
internal static class LabelLimits
{
    /// <summary>Which limit a series passes; none where it keeps them all.</summary>
    public static ScrapeFault Check(LabelSet labels, ScrapeOptions options)
    {
        if (options.LabelLimit > 0 && labels.Count > options.LabelLimit)
            return new ScrapeFault($"{labels.MetricName} has {labels.Count} labels, more than the limit of {options.LabelLimit}", "label_limit");
        if (options.LabelNameLengthLimit <= 0 && options.LabelValueLengthLimit <= 0)
            return ScrapeFault.None;
        foreach (var (name, value) in labels)
        {
            if (IsLonger(name, options.LabelNameLengthLimit))
                return new ScrapeFault($"{labels.MetricName} has a label name of {Encoding.UTF8.GetByteCount(name)} bytes, more than the limit of {options.LabelNameLengthLimit}", "label_name_length_limit");
            if (IsLonger(value, options.LabelValueLengthLimit))
                return new ScrapeFault($"{labels.MetricName} has a value of label {name} of {Encoding.UTF8.GetByteCount(value)} bytes, more than the limit of {options.LabelValueLengthLimit}", "label_value_length_limit");
        }

        return ScrapeFault.None;
    }

    private static bool IsLonger(string text, int limit) => limit > 0 && Encoding.UTF8.GetByteCount(text) > limit;
}
