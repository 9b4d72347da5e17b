using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Observability.Collectors;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Server;

/// <summary>
/// The Prometheus HTTP API: which endpoint is answered where. Left out is what would need parts this platform lacks (native
/// remote read, TSDB blocks, tombstones); those paths answer 404.
/// </summary>
internal static class PrometheusApi
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void MapPrometheus(this IEndpointRouteBuilder app, Platform platform)
    {
        var api = app.MapGroup("/api/v1").WithTags("prometheus");
        string[] both = ["GET", "POST"];
        api.MapMethods("/query", both, http => PrometheusQueries.InstantAsync(http, platform));
        api.MapMethods("/query_range", both, http => PrometheusQueries.RangeAsync(http, platform));
        api.MapMethods("/format_query", both, http => PrometheusQueries.FormatAsync(http, platform));
        api.MapMethods("/parse_query", both, http => PrometheusQueries.ParseAsync(http, platform));
        api.MapMethods("/query_exemplars", both, http => PrometheusSources.ExemplarsAsync(http, platform));
        api.MapMethods("/labels", both, http => PrometheusLabels.NamesAsync(http, platform));
        api.MapMethods("/series", both, http => PrometheusLabels.SeriesAsync(http, platform));
        api.MapGet("/label/{name}/values", (string name, HttpContext http) => PrometheusLabels.ValuesAsync(http, platform, name));
        foreach (var kind in PrometheusSearch.Kinds)
            api.MapMethods($"/search/{kind}", both, http => PrometheusSearch.AnswerAsync(http, platform, kind));
        api.MapGet("/metadata", http => PrometheusSources.MetadataAsync(http, platform));
        api.MapGet("/rules", http => PrometheusRules.GroupsAsync(http, platform));
        api.MapGet("/alerts", http => SucceedAsync(http, PrometheusRules.Alerts(platform)));
        api.MapGet("/targets", http => PrometheusTargets.AllAsync(http, platform));
        api.MapGet("/targets/metadata", http => PrometheusTargets.MetadataAsync(http, platform));
        api.MapGet("/scrape_pools", http => SucceedAsync(http, PrometheusTargets.Pools(platform)));
        api.MapGet("/scrape_pools/config", http => PrometheusTargets.PoolConfigurationAsync(http, platform));
        api.MapGet("/alertmanagers", http => SucceedAsync(http, PrometheusStatus.Alertmanagers(platform)));
        api.MapGet("/status/config", http => SucceedAsync(http, PrometheusStatus.Configuration(platform)));
        api.MapGet("/status/flags", http => SucceedAsync(http, PrometheusStatus.Flags(platform)));
        api.MapGet("/status/buildinfo", http => SucceedAsync(http, PrometheusStatus.BuildInformation()));
        api.MapGet("/status/runtimeinfo", http => SucceedAsync(http, PrometheusStatus.RuntimeInformation(platform)));
        api.MapGet("/status/tsdb", http => PrometheusStatus.StoreAsync(http, platform));
        api.MapGet("/features", http => SucceedAsync(http, PrometheusStatus.Features(platform)));
        api.MapGet("/notifications", http => SucceedAsync(http, PrometheusStatus.Notifications(platform)));
        // Where the links of alerts and of graphLink lead: Prometheus's path, and our page.
        app.MapGet("/graph", (HttpRequest request) => Results.Redirect("/explore?expr=" + Uri.EscapeDataString(request.Query["g0.expr"].ToString()))).ExcludeFromDescription();
        // Prometheus's own path of the OTLP door.
        api.MapOtlp(platform.OtlpInbox, "/otlp/v1/metrics");
    }

    public static JsonNode Labels(LabelSet labels) =>
        new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)JsonValue.Create(label.Value))));

    public static Task SucceedAsync(HttpContext http, JsonNode data) => WriteAsync(http, 200, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("status", "success");
        writer.WritePropertyName("data");
        data.WriteTo(writer);
        writer.WriteEndObject();
    });

    public static Task RefuseAsync(HttpContext http, string fault) => FailAsync(http, new QueryError("bad_data", fault));

    public static Task FailAsync(HttpContext http, QueryError error) =>
        WriteAsync(http, PrometheusJson.StatusOf(error), writer => PrometheusJson.WriteError(writer, error));

    public static async Task WriteAsync(HttpContext http, int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        await using (var writer = new Utf8JsonWriter(buffer, Writing))
            write(writer);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
    }
}
