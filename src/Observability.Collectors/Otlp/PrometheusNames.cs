using System.Collections.Frozen;
using System.Text;

namespace Observability.Collectors;

/// <summary>
/// Translates OpenTelemetry metric names and units to Prometheus names: <c>train.step.duration</c> in <c>s</c> becomes
/// <c>train_step_duration_seconds</c>, a gauge in <c>1</c> gains <c>_ratio</c>, a monotonic sum <c>_total</c>
/// (OpenTelemetry specification, "Prometheus and OpenMetrics compatibility").
/// </summary>
internal static class PrometheusNames
{
    private static readonly FrozenDictionary<string, string> Units = new Dictionary<string, string>
    {
        ["d"] = "days",
        ["h"] = "hours",
        ["min"] = "minutes",
        ["s"] = "seconds",
        ["ms"] = "milliseconds",
        ["us"] = "microseconds",
        ["ns"] = "nanoseconds",
        ["By"] = "bytes",
        ["KiBy"] = "kibibytes",
        ["MiBy"] = "mebibytes",
        ["GiBy"] = "gibibytes",
        ["kBy"] = "kilobytes",
        ["MBy"] = "megabytes",
        ["GBy"] = "gigabytes",
        ["m"] = "meters",
        ["V"] = "volts",
        ["A"] = "amperes",
        ["J"] = "joules",
        ["W"] = "watts",
        ["g"] = "grams",
        ["Cel"] = "celsius",
        ["Hz"] = "hertz",
        ["%"] = "percent",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Rates = new Dictionary<string, string>
    {
        ["s"] = "second",
        ["m"] = "minute",
        ["min"] = "minute",
        ["h"] = "hour",
        ["d"] = "day",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string Metric(OtlpMetric metric)
    {
        var counter = metric is { Kind: OtlpKind.Sum, IsMonotonic: true };
        var name = Words(metric.Name, keepColon: true);
        if (counter && name.EndsWith("_total", StringComparison.Ordinal))
            name = name[..^"_total".Length];
        var suffix = SuffixOf(metric);
        if (suffix.Length > 0 && !name.EndsWith("_" + suffix, StringComparison.Ordinal))
            name = $"{name}_{suffix}";
        return counter ? name + "_total" : name;
    }

    /// <summary>A label name: letters, digits and '_' only, not beginning with a digit.</summary>
    public static string Label(string attribute) => Words(attribute, keepColon: false);

    // "s" → seconds, "By/s" → bytes_per_second, "{token}/s" → per_second, "{step}" → nothing.
    private static string SuffixOf(OtlpMetric metric)
    {
        if (metric.Unit == "1")
            return metric.Kind == OtlpKind.Gauge ? "ratio" : "";
        var parts = metric.Unit.Split('/', 2);
        var amount = parts[0].StartsWith('{') ? "" : Words(Units.GetValueOrDefault(parts[0], parts[0]), keepColon: false);
        if (parts.Length == 1)
            return amount;
        var per = $"per_{Words(Rates.GetValueOrDefault(parts[1], parts[1]), keepColon: false)}";
        return amount.Length == 0 ? per : $"{amount}_{per}";
    }

    // What is no letter or digit becomes '_', and several in a row one.
    private static string Words(string text, bool keepColon)
    {
        var words = new StringBuilder(text.Length + 1);
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || (keepColon && c == ':'))
                words.Append(c);
            else if (words.Length > 0 && words[^1] != '_')
                words.Append('_');
        }

        while (words.Length > 0 && words[^1] == '_')
            words.Length--;
        if (words.Length > 0 && char.IsAsciiDigit(words[0]))
            words.Insert(0, '_');
        return words.ToString();
    }
}
