using System.Globalization;

namespace Observability.EndToEnd.Tests;

/// <summary>Selectors, windows and what is done over them.</summary>
internal sealed partial class QueryGrammar
{
    private static readonly string[] Windows = ["20s", "30s", "45s", "1m", "95s", "2m", "5m", "7m", "10m"];

    // What gives the same bits whatever order it adds in.
    private static readonly string[] ExactOverTime = ["last_over_time", "min_over_time", "max_over_time", "count_over_time", "present_over_time", "changes", "resets", "idelta"];

    private static readonly string[] OtherOverTime =
    [
        "rate", "rate", "increase", "increase", "irate", "delta", "deriv", "avg_over_time", "sum_over_time", "stddev_over_time", "stdvar_over_time",
        "quantile_over_time", "predict_linear",
    ];

    // What does not magnify the last bit of its input.
    private static readonly string[] SteadyOverTime =
        ["last_over_time", "min_over_time", "max_over_time", "count_over_time", "present_over_time", "avg_over_time", "sum_over_time", "quantile_over_time"];

    private Term Selector(string metric, bool narrow = true)
    {
        var labels = metrics[metric];
        var matchers = new List<string>();
        for (var more = narrow ? random.Next(3) : 0; more > 0; more--)
            matchers.Add(Matcher(labels, Pick(labels.Names)));
        var name = random.Next(8) == 0 ? "" : metric;
        if (name.Length == 0)
            matchers.Insert(0, $"__name__=\"{metric}\"");
        return new Term(name + (matchers.Count > 0 ? $"{{{string.Join(",", matchers)}}}" : "") + Shift(), true, labels.Names);
    }

    private string Matcher(MetricLabels labels, string label)
    {
        var value = Pick(labels.Values(label));
        return random.Next(9) switch
        {
            0 => $"{label}=\"{Escape(value)}\"",
            1 => $"{label}!=\"{Escape(value)}\"",
            2 => $"{label}=~\"{Pattern(value)}|{Pattern(Pick(labels.Values(label)))}\"",
            3 => $"{label}!~\"{Pattern(value)}|{Pattern(Pick(labels.Values(label)))}\"",
            4 => $"{label}=~\"{Pattern(value[..(value.Length / 2)])}.*\"",
            5 => $"{label}=~\".*{Pattern(value[(value.Length / 2)..])}\"",
            6 => $"{label}=~\"(?i){Pattern(value.ToUpperInvariant())}\"",
            7 => $"{label}!~\".*[13579]\"",
            _ => $"{label}=~\"{Pick([".*", ".+", "(.+)?", "[^5]*"])}\"",
        };
    }

    private static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string Pattern(string value) => Escape(string.Concat(value.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ' ' or '/' ? $"{c}" : $"\\{c}")));

    private string Shift() => random.Next(12) switch
    {
        0 => " offset " + Pick(["15s", "1m", "95s", "5m"]),
        1 => " offset -" + Pick(["10s", "1m", "3m"]),
        2 => " @ " + Pick(["start()", "end()"]),
        3 => string.Create(CultureInfo.InvariantCulture, $" @ {Moment():0.###}") + (Maybe() ? " offset 30s" : ""),
        _ => "",
    };

    private double Moment() => start.ToUnixTimeSeconds() + Math.Round(random.NextDouble() * (end - start).TotalSeconds, 3);

    private Term OverTime(int depth)
    {
        var inner = depth > 0 && random.Next(3) == 0 ? Vector(depth) : null;
        // What KnownDifference shows of predict_linear at a fixed time cannot be shown from inside a subquery.
        var isSubquery = inner is not null && !(inner.Text.Contains("predict_linear", StringComparison.Ordinal) && inner.Text.Contains(" @ ", StringComparison.Ordinal));
        inner = isSubquery ? inner! : Selector(metrics.Draw(random));
        var window = isSubquery ? $"({inner.Text})[{Pick(Windows)}:{Pick(["", "7s", "15s", "30s", "1m"])}]{Shift()}" : Windowed(inner, Pick(Windows));
        var name = Pick(inner.IsExact ? random.Next(3) == 0 ? ExactOverTime : OtherOverTime : SteadyOverTime);
        var call = name switch
        {
            "quantile_over_time" => $"{name}({Quantile()}, {window})",
            "predict_linear" => $"{name}({window}, {Pick(["60", "600", "-30"])})",
            _ => $"{name}({window})",
        };
        return new Term(call, name is "count_over_time" or "present_over_time" || (inner.IsExact && ExactOverTime.Contains(name)), inner.Labels);
    }

    // A selector's modifiers stand behind its window.
    private static string Windowed(Term selector, string window)
    {
        var text = selector.Text;
        var end = text.IndexOf('}', StringComparison.Ordinal) is var brace and >= 0 ? brace + 1 : text.IndexOf(' ', StringComparison.Ordinal);
        return end < 0 ? $"{text}[{window}]" : $"{text[..end]}[{window}]{text[end..]}";
    }
}
