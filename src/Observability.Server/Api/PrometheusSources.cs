using Observability.Metrics;

namespace Observability.Server;

/// <summary>The endpoints of the Prometheus HTTP API about what sources say beside samples: metadata and exemplars.</summary>
internal static class PrometheusSources
{
    public static async Task MetadataAsync(HttpContext http, Platform platform)
    {
        if (await RemoteLabels.PassedAsync(http, platform, "metadata"))
            return;

        var asked = await ApiParameters.ReadAsync(http);
        var found = asked.Count("limit") is 0 ? [] : platform.Series.Metadata.Find(asked["metric"], asked.Count("limit") ?? 0, asked.Count("limit_per_metric") ?? 0);
        if (asked.Fault is { } fault)
            await PrometheusApi.FailAsync(http, new QueryError("bad_data", fault));
        else
            await PrometheusApi.WriteAsync(http, 200, writer => SourceJson.WriteMetadata(writer, found));
    }

    public static async Task ExemplarsAsync(HttpContext http, Platform platform)
    {
        if (await RemoteLabels.PassedAsync(http, platform, "query_exemplars"))
            return;

        var asked = await ApiParameters.ReadAsync(http);
        var (start, end) = (asked.Time("start", DateTimeOffset.UnixEpoch), asked.Time("end", platform.Clock.GetUtcNow()));
        if (end < start)
            asked.Refuse("end", "end timestamp must not be before start timestamp");
        var expression = asked.Expression("query", platform.Options.Metrics.ExperimentalFunctions);
        if (asked.Fault is { } fault)
        {
            await PrometheusApi.FailAsync(http, new QueryError("bad_data", fault));
            return;
        }

        var found = platform.Series.Exemplars.Find([.. ExpressionSelectors.Of(expression!).Select(selector => selector.AllMatchers)], start, end);
        await PrometheusApi.WriteAsync(http, 200, writer => SourceJson.WriteExemplars(writer, found));
    }
}
