using System.Text.Json;
using Observability.Metrics;

namespace Observability.Server;

/// <summary>
/// Gives every refused request a reason in words and counts it, once, by door and reason. ASP.NET refuses a body that is no
/// JSON, of another type or too long with a bare status; here it says what was wrong with it. A door that answers in its own
/// protocol's words keeps them.
/// </summary>
internal static class RequestFaults
{
    private const string ReasonItem = "observability.refusal";

    /// <summary>Names the reason under which the refusal of this request is counted, where the status alone does not tell.</summary>
    public static void Mark(HttpContext http, string reason) => http.Items[ReasonItem] = reason;

    /// <summary>Runs the rest and looks at what came of it. Goes first, so that it sees every refusal.</summary>
    public static async Task GuardAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            // What no door answers would be the console's page for lost visitors.
            if (IsOurs(http.Request.Path) && http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern } && !IsOurs(new PathString("/" + pattern.TrimStart('/'))))
                await AnswerAsync(http, StatusCodes.Status404NotFound, Unanswered(http));
            else
                await next(http);
            if (IsOurs(http.Request.Path) && http.Response is { StatusCode: >= 400, HasStarted: false, ContentType: null })
                await AnswerAsync(http, http.Response.StatusCode, Words(http));
        }
        catch (BadHttpRequestException fault) when (!http.Response.HasStarted)
        {
            await AnswerAsync(http, fault.StatusCode, Words(fault));
        }
        catch (InvalidDataException fault) when (!http.Response.HasStarted)
        {
            await AnswerAsync(http, StatusCodes.Status400BadRequest, $"the form cannot be read: {fault.Message}");
        }

        if (http.Response.StatusCode >= 400 && IsOurs(http.Request.Path))
            Count(http);
    }

    private static void Count(HttpContext http) => ServerMetrics.RequestsRefused.Add(
        1,
        new KeyValuePair<string, object?>("door", Door(http.Request.Path)),
        new KeyValuePair<string, object?>("reason", http.Items.TryGetValue(ReasonItem, out var reason) ? reason : Reason(http.Response.StatusCode)));

    private static async Task AnswerAsync(HttpContext http, int status, string words)
    {
        http.Response.StatusCode = status;
        if (Door(http.Request.Path) != "prometheus")
        {
            await http.Response.WriteAsJsonAsync(new ApiError(words), http.RequestAborted);
            return;
        }

        http.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter);
        PrometheusJson.WriteError(writer, new QueryError(status == 404 ? "not_found" : "bad_data", words));
    }

    private static bool IsOurs(PathString path) => path.StartsWithSegments("/api") || path.StartsWithSegments("/v1");

    private static string Door(PathString path) =>
        path.StartsWithSegments("/api/v1") ? "prometheus"
        : path.StartsWithSegments("/api/v2") || path.StartsWithSegments("/api/webhooks") ? "alertmanager"
        : path.StartsWithSegments("/v1") ? "otlp"
        : path.StartsWithSegments("/api/slack") ? "slack"
        : path.StartsWithSegments("/api/changes") ? "changes"
        : "rest";

    private static string Reason(int status) => status switch
    {
        400 => "bad_request",
        401 => "unauthorized",
        404 => "not_found",
        405 => "method",
        409 => "conflict",
        413 => "too_large",
        415 => "content_type",
        422 => "unprocessable",
        503 => "unavailable",
        _ => "other",
    };

    private static string Words(HttpContext http) => http.Response.StatusCode switch
    {
        404 or 405 => Unanswered(http),
        413 => "the body is larger than server.maximum_body_bytes",
        415 => $"Content-Type '{http.Request.ContentType}' is not taken here; send application/json",
        _ => $"{http.Request.Method} {http.Request.Path} was refused with {http.Response.StatusCode}",
    };

    private static string Unanswered(HttpContext http) =>
        $"{http.Request.Method} {http.Request.Path}: nothing answers this; /openapi/v1.json lists what does";

    // The reader of JSON knows path, line and column; the frame around it only knows the name of our record.
    private static string Words(BadHttpRequestException fault) => fault switch
    {
        { StatusCode: 413 } => fault.Message,
        { StatusCode: 415 } => $"{fault.Message} Send application/json.",
        { InnerException: JsonException inner } => $"the body does not fit: {inner.Message}",
        _ => fault.Message,
    };
}
