using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Observability.Metrics;

namespace Observability.Alerting;

/// <summary>The functions that make text of text.</summary>
internal static partial class TemplateFunctions
{
    /// <summary>The path of an expression's graph, below the external URL; a space is a plus, as Go's QueryEscape has it.</summary>
    public static string GraphPath(string expression, int tab) => $"/graph?g0.expr={Escape(expression)}&g0.tab={tab}";

    private static string Escape(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    private static string Text(Call call)
    {
        switch (call.Name)
        {
            case "title": return Title(call.Text(0));
            case "toUpper": return call.Text(0).ToUpperInvariant();
#pragma warning disable CA1308 // the template function is named for what it does
            case "toLower": return call.Text(0).ToLowerInvariant();
#pragma warning restore CA1308
            case "stripPort": return SplitHostPort(call.Text(0))?.Host ?? call.Text(0);
            case "stripDomain": return StripDomain(call.Text(0));
            case "reReplaceAll": return Pattern(call).Replace(call.Text(2), Replacement(call.Text(1)));
            case "urlQueryEscape": return Escape(call.Text(0));
            case "urlquery": return Escape(string.Concat(call.Arguments.Select(GoFormat.Print)));
            case "html": return Html(string.Concat(call.Arguments.Select(GoFormat.Print)));
            case "graphLink": return GraphPath(call.Text(0), 0);
            case "tableLink": return GraphPath(call.Text(0), 1);
            default: return call.Text(0);
        }
    }

    private static Regex Pattern(Call call)
    {
        try
        {
            return new Regex(call.Text(0).Replace("(?P<", "(?<", StringComparison.Ordinal), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            throw call.Error($"bad pattern \"{call.Text(0)}\": {failure.Message}");
        }
    }

    // $name takes the longest run of letters, digits and _ : $1x is the group 1x, which there is not.
    private static MatchEvaluator Replacement(string template) => match =>
    {
        var text = new StringBuilder();
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] != '$' || i + 1 == template.Length)
            {
                text.Append(template[i]);
                continue;
            }

            var start = i + 1;
            var braced = template[start] == '{';
            var end = braced ? template.IndexOf('}', start) : start;
            while (!braced && end < template.Length && (char.IsLetterOrDigit(template[end]) || template[end] == '_'))
                end++;
            if (template[start] == '$' || end <= start)
            {
                text.Append('$');
                i = template[start] == '$' ? start : i;
                continue;
            }

            var name = template[(braced ? start + 1 : start)..end];
            text.Append((int.TryParse(name, CultureInfo.InvariantCulture, out var number) ? match.Groups[number] : match.Groups[name]).Value);
            i = braced ? end : end - 1;
        }

        return text.ToString();
    };

    // Upper case behind everything that is no letter, digit or _.
    private static string Title(string text)
    {
        var letters = text.ToCharArray();
        for (var i = 0; i < letters.Length; i++)
        {
            if (i == 0 || !(char.IsLetterOrDigit(text[i - 1]) || text[i - 1] == '_'))
                letters[i] = char.ToUpperInvariant(letters[i]);
        }

        return new string(letters);
    }

    // host:port or [::1]:port; null for anything else.
    private static (string Host, string Port)? SplitHostPort(string address)
    {
        var colon = address.LastIndexOf(':');
        if (colon < 0)
            return null;
        var host = address[..colon];
        if (host.StartsWith('['))
            return host.EndsWith(']') ? (host[1..^1], address[(colon + 1)..]) : null;
        return host.AsSpan().IndexOfAny(':', '[', ']') >= 0 ? null : (host, address[(colon + 1)..]);
    }

    private static string StripDomain(string address)
    {
        var split = SplitHostPort(address);
        var host = split?.Host ?? address;
        if (IPAddress.TryParse(host, out _))
            return address;
        host = host.Split('.')[0];
        return split is { Port.Length: > 0 } ? $"{host}:{split.Value.Port}" : host;
    }

    private static string Html(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&#34;", StringComparison.Ordinal);

    // 1h30m is 5400.
    private static double Seconds(Call call) => PromQlDuration.TryParse(call.Text(0), out var duration)
        ? duration.TotalSeconds
        : throw call.Error($"not a valid duration string: \"{call.Text(0)}\"");

    private static string Slice(Call call)
    {
        var text = call.Text(0);
        var from = call.Arguments.Length > 1 ? (int)call.Number(1) : 0;
        var to = call.Arguments.Length > 2 ? (int)call.Number(2) : text.Length;
        return from >= 0 && from <= to && to <= text.Length
            ? text[from..to]
            : throw call.Error($"slice index out of range: {from.ToString(CultureInfo.InvariantCulture)}:{to.ToString(CultureInfo.InvariantCulture)} of {text.Length}");
    }
}
