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
        var form = await ParametersAsync(http);
        if (TryTime(form("time"), platform.Clock.GetUtcNow(), out var at))
            await AnswerAsync(http, token => platform.Queries.QueryAsync(form("query"), at, token));
        else
            await FailAsync(http, new QueryError("bad_data", Unreadable("time", form("time"), "timestamp")));
    }

    private static async Task QueryRangeAsync(HttpContext http, Platform platform)
    {
        var form = await ParametersAsync(http);
        var fault = form("start").Length == 0 || !TryTime(form("start"), default, out _) ? Unreadable("start", form("start"), "timestamp")
            : form("end").Length == 0 || !TryTime(form("end"), default, out _) ? Unreadable("end", form("end"), "timestamp")
            : !TryStep(form("step"), out _) ? Unreadable("step", form("step"), "duration")
            : null;
        if (fault is not null)
        {
            await FailAsync(http, new QueryError("bad_data", fault));
            return;
        }

        TryTime(form("start"), default, out var start);
        TryTime(form("end"), default, out var end);
        TryStep(form("step"), out var step);
        await AnswerAsync(http, token => platform.Queries.QueryRangeAsync(form("query"), start, end, step, token));
    }

    internal static string Unreadable(string name, string value, string kind) => $"invalid parameter \"{name}\": cannot parse \"{value}\" to a valid {kind}";

    private static async Task MatchedAsync(HttpContext http, Platform platform, string endpoint, Action<Utf8JsonWriter, Asked> write)
    {
        if (platform.Remote is { } remote)
        {
            if (await RemoteLabels.PassAsync(http, remote, endpoint) is { } error)
                await FailAsync(http, error);
            return;
        }

        var form = await ParametersAsync(http);
        var texts = http.Request.HasFormContentType ? [.. (await http.Request.ReadFormAsync())["match[]"]] : http.Request.Query["match[]"].ToArray();
        if (texts.Length == 0 && endpoint == "series")
        {
            await FailAsync(http, new QueryError("bad_data", "no match[] parameter provided"));
            return;
        }

        var matchers = new List<IReadOnlyList<LabelMatcher>>();
        foreach (var text in texts.OfType<string>())
        {
            var parsed = PromQlParser.ParseSelector(text);
            if (parsed.Expression is not PromQlExpression.VectorSelector selector)
            {
                await FailAsync(http, new QueryError("bad_data", $"invalid parameter \"match[]\": {parsed.Error}"));
                return;
            }

            matchers.Add(selector.AllMatchers);
        }

        var now = platform.Clock.GetUtcNow();
        if (!TryTime(form("start"), DateTimeOffset.UnixEpoch, out var start) | !TryTime(form("end"), now, out var end))
        {
            var name = TryTime(form("start"), default, out _) ? "end" : "start";
            await FailAsync(http, new QueryError("bad_data", Unreadable(name, form(name), "timestamp")));
            return;
        }

        await WriteAsync(http, 200, writer => write(writer, new Asked(matchers, start, end)));
    }

    internal static async Task<Func<string, string>> ParametersAsync(HttpContext http)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync() : null;
        return name => form is not null && form.TryGetValue(name, out var value) ? value.ToString() : http.Request.Query[name].ToString();
    }

    private static async Task AnswerAsync(HttpContext http, Func<CancellationToken, ValueTask<QueryResult>> query)
    {
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

    internal static bool TryTime(string text, DateTimeOffset otherwise, out DateTimeOffset at)
    {
        at = otherwise;
        if (text.Length == 0)
            return true;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < 253_402_300_799)
        {
            at = DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(seconds * 1000));
            return true;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at);
    }

    private static bool TryStep(string text, out TimeSpan step)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e9)
        {
            step = TimeSpan.FromSeconds(seconds);
            return true;
        }

        return PromQlDuration.TryParse(text, out step);
    }

    private sealed record Asked(IReadOnlyList<IReadOnlyList<LabelMatcher>> Matchers, DateTimeOffset Start, DateTimeOffset End);
}
