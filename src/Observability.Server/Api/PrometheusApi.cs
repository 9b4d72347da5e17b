using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Server;

/// <summary>The endpoints of the Prometheus HTTP API that Grafana and promtool call first.</summary>
internal static class PrometheusApi
{
    private static readonly TimeSpan QueryTimeout = TimeSpan.FromMinutes(2);
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void MapPrometheus(this IEndpointRouteBuilder app, Platform platform)
    {
        string[] both = ["GET", "POST"];
        app.MapMethods("/api/v1/query", both, http => QueryAsync(http, platform)).WithTags("prometheus");
        app.MapMethods("/api/v1/query_range", both, http => QueryRangeAsync(http, platform)).WithTags("prometheus");
        app.MapMethods("/api/v1/format_query", both, FormatAsync).WithTags("prometheus");
        app.MapMethods("/api/v1/labels", both, http => MatchedAsync(http, platform, "labels", (writer, asked) =>
            PrometheusJson.WriteStrings(writer, platform.Series.LabelNames(asked.Matchers, asked.Start, asked.End)))).WithTags("prometheus");
        app.MapMethods("/api/v1/series", both, http => MatchedAsync(http, platform, "series", (writer, asked) =>
            PrometheusJson.WriteSeries(writer, platform.Series.Series(asked.Matchers, asked.Start, asked.End)))).WithTags("prometheus");
        app.MapGet("/api/v1/label/{name}/values", (string name, HttpContext http) => MatchedAsync(http, platform, $"label/{name}/values", (writer, asked) =>
            PrometheusJson.WriteStrings(writer, platform.Series.LabelValues(name, asked.Matchers, asked.Start, asked.End)))).WithTags("prometheus");
        app.MapGet("/api/v1/rules", () => Success(PrometheusRules.Groups(platform))).WithTags("prometheus");
        app.MapGet("/api/v1/alerts", () => Success(PrometheusRules.Alerts(platform))).WithTags("prometheus");
        app.MapGet("/api/v1/targets", () => Success(Targets(platform))).WithTags("prometheus");
        app.MapGet("/api/v1/metadata", http => PrometheusSources.MetadataAsync(http, platform)).WithTags("prometheus");
        app.MapMethods("/api/v1/query_exemplars", both, http => PrometheusSources.ExemplarsAsync(http, platform)).WithTags("prometheus");
        app.MapGet("/api/v1/status/buildinfo", () => Success(BuildInfo())).WithTags("prometheus");
    }

    public static JsonNode Labels(LabelSet labels) =>
        new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)JsonValue.Create(label.Value))));

    private static async Task QueryAsync(HttpContext http, Platform platform)
    {
        var asked = await ApiParameters.ReadAsync(http);
        var at = asked.Time("time", platform.Clock.GetUtcNow());
        await AnswerAsync(http, asked, token => platform.Queries.QueryAsync(asked["query"], at, token));
    }

    private static async Task QueryRangeAsync(HttpContext http, Platform platform)
    {
        var asked = await ApiParameters.ReadAsync(http);
        var (start, end, step) = (asked.Time("start"), asked.Time("end"), asked.Step("step"));
        await AnswerAsync(http, asked, token => platform.Queries.QueryRangeAsync(asked["query"], start, end, step, token));
    }

    private static async Task FormatAsync(HttpContext http)
    {
        var asked = await ApiParameters.ReadAsync(http);
        if (asked.Expression("query") is { } expression)
            await Success(JsonValue.Create(expression.ToString())!).ExecuteAsync(http);
        else
            await FailAsync(http, new QueryError("bad_data", asked.Fault!));
    }

    private static async Task MatchedAsync(HttpContext http, Platform platform, string endpoint, Action<Utf8JsonWriter, Asked> write)
    {
        if (await RemoteLabels.PassedAsync(http, platform, endpoint))
            return;

        var asked = await ApiParameters.ReadAsync(http);
        var texts = asked.All("match[]");
        if (texts.Count == 0 && endpoint == "series")
        {
            await FailAsync(http, new QueryError("bad_data", "no match[] parameter provided"));
            return;
        }

        var matchers = new List<IReadOnlyList<LabelMatcher>>();
        foreach (var text in texts)
        {
            var parsed = PromQlParser.ParseSelector(text);
            if (parsed.Expression is PromQlExpression.VectorSelector selector)
                matchers.Add(selector.AllMatchers);
            else
                asked.Refuse("match[]", parsed.Error ?? $"{text} is not a selector");
        }

        var (start, end) = (asked.Time("start", DateTimeOffset.UnixEpoch), asked.Time("end", platform.Clock.GetUtcNow()));
        if (asked.Fault is { } fault)
            await FailAsync(http, new QueryError("bad_data", fault));
        else
            await WriteAsync(http, 200, writer => write(writer, new Asked(matchers, start, end)));
    }

    private static async Task AnswerAsync(HttpContext http, ApiParameters asked, Func<CancellationToken, ValueTask<QueryResult>> query)
    {
        if (asked.Fault is { } fault)
        {
            await FailAsync(http, new QueryError("bad_data", fault));
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        limit.CancelAfter(QueryTimeout);
        QueryResult result;
        try
        {
            result = await query(limit.Token);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            result = QueryResult.Failed("timeout", $"the query took longer than {QueryTimeout.TotalSeconds} s");
        }

        await WriteAsync(http, PrometheusJson.StatusOf(result.Error), writer => PrometheusJson.WriteQuery(writer, result));
    }

    internal static Task FailAsync(HttpContext http, QueryError error) =>
        WriteAsync(http, PrometheusJson.StatusOf(error), writer => PrometheusJson.WriteError(writer, error));

    internal static async Task WriteAsync(HttpContext http, int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        await using (var writer = new Utf8JsonWriter(buffer, Writing))
            write(writer);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
    }

    private static JsonObject BuildInfo() => new()
    {
        ["version"] = "3.0.0",
        ["revision"] = ServerVersion.Text,
        ["branch"] = "observability",
        ["buildUser"] = "",
        ["buildDate"] = "",
        ["goVersion"] = "",
    };

    private static JsonObject Targets(Platform platform) => new()
    {
        ["activeTargets"] = new JsonArray([.. platform.Scrapes.Targets.Select(status => new JsonObject
        {
            ["discoveredLabels"] = new JsonObject(),
            ["labels"] = Labels(status.Target.Labels),
            ["scrapePool"] = status.Target.Labels["job"],
            ["scrapeUrl"] = status.Target.Url.ToString(),
            ["globalUrl"] = status.Target.Url.ToString(),
            ["lastError"] = status.LastError,
            ["lastScrape"] = (status.LastScrape ?? DateTimeOffset.UnixEpoch).ToString("O", CultureInfo.InvariantCulture),
            ["lastScrapeDuration"] = status.LastDuration.TotalSeconds,
            ["health"] = OptionValue.SnakeCase(status.Health.ToString()),
        })]),
        ["droppedTargets"] = new JsonArray(),
    };

    private static IResult Success(JsonNode data) =>
        Results.Text(new JsonObject { ["status"] = "success", ["data"] = data }.ToJsonString(), "application/json");

    private sealed record Asked(IReadOnlyList<IReadOnlyList<LabelMatcher>> Matchers, DateTimeOffset Start, DateTimeOffset End);
}
