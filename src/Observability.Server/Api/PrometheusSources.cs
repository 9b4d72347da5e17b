using System.Globalization;
using Observability.Metrics;

namespace Observability.Server;

/// <summary>The endpoints of the Prometheus HTTP API about what sources say beside samples: metadata and exemplars.</summary>
internal static class PrometheusSources
{
    public static async Task MetadataAsync(HttpContext http, Platform platform)
    {
        if (platform.Remote is { } remote)
        {
            if (await RemoteLabels.PassAsync(http, remote, "metadata") is { } error)
                await PrometheusApi.FailAsync(http, error);
            return;
        }

        var form = await PrometheusApi.ParametersAsync(http);
        if (!TryLimit(form("limit"), out var limit) | !TryLimit(form("limit_per_metric"), out var perMetric))
        {
            await PrometheusApi.FailAsync(http, new QueryError("bad_data", $"{(TryLimit(form("limit"), out _) ? "limit_per_metric" : "limit")} must be a number"));
            return;
        }

        var found = platform.Series.Metadata.Find(form("metric"), limit, perMetric);
        await PrometheusApi.WriteAsync(http, 200, writer => SourceJson.WriteMetadata(writer, found));
    }

    public static async Task ExemplarsAsync(HttpContext http, Platform platform)
    {
        if (platform.Remote is { } remote)
        {
            if (await RemoteLabels.PassAsync(http, remote, "query_exemplars") is { } error)
                await PrometheusApi.FailAsync(http, error);
            return;
        }

        var form = await PrometheusApi.ParametersAsync(http);
        var now = platform.Clock.GetUtcNow();
        var parsed = PromQlParser.Parse(form("query"));
        var fault = !PrometheusApi.TryTime(form("start"), DateTimeOffset.UnixEpoch, out var start) ? PrometheusApi.Unreadable("start", form("start"), "timestamp")
            : !PrometheusApi.TryTime(form("end"), now, out var end) ? PrometheusApi.Unreadable("end", form("end"), "timestamp")
            : end < start ? "invalid parameter \"end\": end timestamp must not be before start timestamp"
            : parsed.Expression is null ? $"invalid parameter \"query\": {parsed.Error}"
            : null;
        if (fault is not null)
        {
            await PrometheusApi.FailAsync(http, new QueryError("bad_data", fault));
            return;
        }

        PrometheusApi.TryTime(form("end"), now, out var until);
        var found = platform.Series.Exemplars.Find([.. ExpressionSelectors.Of(parsed.Expression!).Select(selector => selector.AllMatchers)], start, until);
        await PrometheusApi.WriteAsync(http, 200, writer => SourceJson.WriteExemplars(writer, found));
    }

    private static bool TryLimit(string text, out int limit)
    {
        limit = 0;
        return text.Length == 0 || int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out limit);
    }
}
