using Observability.Metrics;
using Observability.Model;

namespace Observability.Server;

/// <summary>The endpoints of the Prometheus HTTP API that list series and their labels.</summary>
internal static class PrometheusLabels
{
    public static async Task NamesAsync(HttpContext http, Platform platform)
    {
        if (await ReadAsync(http, platform, "labels") is { } asked)
        {
            await PrometheusApi.WriteAsync(http, 200, writer =>
                PrometheusJson.WriteStrings(writer, platform.Series.LabelNames(asked.Matchers, asked.Start, asked.End), asked.Limit));
        }
    }

    public static async Task ValuesAsync(HttpContext http, Platform platform, string name)
    {
        if (await ReadAsync(http, platform, $"label/{Uri.EscapeDataString(name)}/values") is { } asked)
        {
            await PrometheusApi.WriteAsync(http, 200, writer =>
                PrometheusJson.WriteStrings(writer, platform.Series.LabelValues(Unescape(name), asked.Matchers, asked.Start, asked.End), asked.Limit));
        }
    }

    public static async Task SeriesAsync(HttpContext http, Platform platform)
    {
        if (await ReadAsync(http, platform, "series") is { } asked)
        {
            await PrometheusApi.WriteAsync(http, 200, writer =>
                PrometheusJson.WriteSeries(writer, platform.Series.Series(asked.Matchers, asked.Start, asked.End), asked.Limit));
        }
    }

    // U__a_2e_b is a.b: how clients of Prometheus 3 put a name into a path that older ones could not hold.
    internal static string Unescape(string name)
    {
        if (!name.StartsWith("U__", StringComparison.Ordinal))
            return name;
        var text = new System.Text.StringBuilder();
        for (var i = 3; i < name.Length; i++)
        {
            var end = name[i] == '_' ? name.IndexOf('_', i + 1) : -1;
            if (name[i] != '_')
                text.Append(name[i]);
            else if (end == i + 1)
                text.Append('_');
            else if (end > 0 && uint.TryParse(name.AsSpan(i + 1, end - i - 1), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var rune) && System.Text.Rune.IsValid(rune))
                text.Append(new System.Text.Rune(rune));
            else
                return name;
            i = end > 0 ? end : i;
        }

        return text.ToString();
    }

    // Null where another server answered, or something is wrong with the request and was said.
    private static async Task<Asked?> ReadAsync(HttpContext http, Platform platform, string endpoint)
    {
        if (await RemoteLabels.PassedAsync(http, platform, endpoint))
            return null;

        var parameters = await ApiParameters.ReadAsync(http);
        var asked = new Asked(
            parameters.Selectors(), parameters.Time("start", DateTimeOffset.UnixEpoch), parameters.Time("end", platform.Clock.GetUtcNow()), parameters.Limit());
        var fault = asked.Matchers.Count == 0 && parameters.Fault is null && endpoint == "series" ? "no match[] parameter provided"
            : parameters.Fault is null && asked.End < asked.Start ? "invalid parameter \"end\": end timestamp must not be before start timestamp"
            : parameters.Fault;
        if (fault is null)
            return asked;
        await PrometheusApi.RefuseAsync(http, fault);
        return null;
    }

    private sealed record Asked(IReadOnlyList<IReadOnlyList<LabelMatcher>> Matchers, DateTimeOffset Start, DateTimeOffset End, int Limit);
}
