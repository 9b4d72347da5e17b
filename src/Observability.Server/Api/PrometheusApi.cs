using System.Globalization;
using System.Text.Json.Nodes;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Server;

/// <summary>The endpoints of the Prometheus HTTP API that Grafana and promtool call first.</summary>
internal static class PrometheusApi
{
    private static readonly TimeSpan QueryTimeout = TimeSpan.FromMinutes(2);

    public static void MapPrometheus(this IEndpointRouteBuilder app, Platform platform)
    {
        string[] both = ["GET", "POST"];
        app.MapMethods("/api/v1/query", both, http => QueryAsync(http, platform)).WithTags("prometheus");
        app.MapMethods("/api/v1/query_range", both, http => QueryRangeAsync(http, platform)).WithTags("prometheus");
        app.MapMethods("/api/v1/labels", both, http => MatchedAsync(http, matchers => Strings(platform.Series.LabelNames(matchers)))).WithTags("prometheus");
        app.MapMethods("/api/v1/series", both, http => MatchedAsync(http, matchers => new JsonArray(
            [.. platform.Series.Series(matchers, DateTimeOffset.UnixEpoch, platform.Clock.GetUtcNow()).Select(Labels)]))).WithTags("prometheus");
        app.MapGet("/api/v1/label/{name}/values", (string name, HttpContext http) => MatchedAsync(http, matchers => Strings(platform.Series.LabelValues(name, matchers)))).WithTags("prometheus");
        app.MapGet("/api/v1/rules", () => Success(PrometheusRules.Groups(platform))).WithTags("prometheus");
        app.MapGet("/api/v1/alerts", () => Success(PrometheusRules.Alerts(platform))).WithTags("prometheus");
        app.MapGet("/api/v1/targets", () => Success(Targets(platform))).WithTags("prometheus");
        app.MapGet("/api/v1/metadata", () => Success(new JsonObject())).WithTags("prometheus");
        app.MapGet("/api/v1/status/buildinfo", () => Success(new JsonObject
        {
            ["version"] = "3.0.0",
            ["revision"] = ServerVersion.Text,
            ["branch"] = "observability",
            ["buildUser"] = "",
            ["buildDate"] = "",
            ["goVersion"] = "",
        })).WithTags("prometheus");
    }

    public static JsonNode Labels(LabelSet labels) =>
        new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)JsonValue.Create(label.Value))));

    public static JsonNode Strings(IEnumerable<string> values) => new JsonArray([.. values.Select(value => (JsonNode)JsonValue.Create(value))]);

    private static async Task QueryAsync(HttpContext http, Platform platform)
    {
        var form = await ParametersAsync(http);
        if (!TryTime(form("time"), platform.Clock.GetUtcNow(), out var at))
        {
            await FailAsync(http, "bad_data", $"invalid parameter \"time\": cannot parse \"{form("time")}\" to a valid timestamp");
            return;
        }

        await AnswerAsync(http, token => platform.Queries.QueryAsync(form("query"), at, token));
    }

    private static async Task QueryRangeAsync(HttpContext http, Platform platform)
    {
        var form = await ParametersAsync(http);
        foreach (var name in (string[])["start", "end"])
        {
            if (form(name).Length == 0 || !TryTime(form(name), default, out _))
            {
                await FailAsync(http, "bad_data", $"invalid parameter \"{name}\": cannot parse \"{form(name)}\" to a valid timestamp");
                return;
            }
        }

        if (!TryStep(form("step"), out var step))
        {
            await FailAsync(http, "bad_data", $"invalid parameter \"step\": cannot parse \"{form("step")}\" to a valid duration");
            return;
        }

        TryTime(form("start"), default, out var start);
        TryTime(form("end"), default, out var end);
        await AnswerAsync(http, token => platform.Queries.QueryRangeAsync(form("query"), start, end, step, token));
    }

    private static async Task MatchedAsync(HttpContext http, Func<IReadOnlyList<LabelMatcher>, JsonNode> answer)
    {
        var texts = http.Request.HasFormContentType ? [.. (await http.Request.ReadFormAsync())["match[]"]] : http.Request.Query["match[]"].ToArray();
        var matchers = new List<LabelMatcher>();
        foreach (var text in texts.OfType<string>())
        {
            var parsed = PromQlParser.Parse(text);
            if (parsed.Expression is not VectorSelector selector)
            {
                await FailAsync(http, "bad_data", $"invalid parameter \"match[]\": {parsed.Error ?? "not a selector"}");
                return;
            }

            matchers.AddRange(selector.Matchers);
        }

        await Success(answer(matchers)).ExecuteAsync(http);
    }

    private static async Task<Func<string, string>> ParametersAsync(HttpContext http)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync() : null;
        return name => form is not null && form.TryGetValue(name, out var value) ? value.ToString() : http.Request.Query[name].ToString();
    }

    private static async Task AnswerAsync(HttpContext http, Func<CancellationToken, ValueTask<QueryResult>> query)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        limit.CancelAfter(QueryTimeout);
        var result = await query(limit.Token);
        if (result.Error is { } error)
            await FailAsync(http, error.Type, error.Message);
        else
            await Success(Data(result)).ExecuteAsync(http);
    }

    private static JsonObject Data(QueryResult result) => result.Kind switch
    {
        QueryResultKind.Scalar => new JsonObject { ["resultType"] = "scalar", ["result"] = Point(result.Scalar) },
        QueryResultKind.Text => new JsonObject { ["resultType"] = "string", ["result"] = new JsonArray(result.Scalar.UnixMilliseconds / 1000.0, result.Text) },
        QueryResultKind.Vector => new JsonObject
        {
            ["resultType"] = "vector",
            ["result"] = new JsonArray([.. result.Vector.Select(sample => new JsonObject { ["metric"] = Labels(sample.Labels), ["value"] = Point(sample.Sample) })]),
        },
        _ => new JsonObject
        {
            ["resultType"] = "matrix",
            ["result"] = new JsonArray([.. result.Matrix.Select(series => new JsonObject
            {
                ["metric"] = Labels(series.Labels),
                ["values"] = new JsonArray([.. series.Samples.Select(Point)]),
            })]),
        },
    };

    private static JsonArray Point(Sample sample) => new(sample.UnixMilliseconds / 1000.0, PrometheusNumber.Format(sample.Value));

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
            ["lastScrapeDuration"] = status.Duration.TotalSeconds,
            ["health"] = status.Health,
        })]),
        ["droppedTargets"] = new JsonArray(),
    };

    private static IResult Success(JsonNode data) =>
        Results.Text(new JsonObject { ["status"] = "success", ["data"] = data }.ToJsonString(), "application/json");

    private static Task FailAsync(HttpContext http, string type, string message)
    {
        http.Response.StatusCode = type switch { "bad_data" => 400, "timeout" => 503, "unavailable" => 503, _ => 422 };
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(new JsonObject { ["status"] = "error", ["errorType"] = type, ["error"] = message }.ToJsonString());
    }

    private static bool TryTime(string text, DateTimeOffset otherwise, out DateTimeOffset at)
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
}
