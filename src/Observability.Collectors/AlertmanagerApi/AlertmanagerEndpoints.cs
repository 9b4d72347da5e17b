using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Observability.Collectors;

/// <summary>
/// Takes alerts as Alertmanager does (<c>POST /api/v2/alerts</c>), and Alertmanager's own webhook v4
/// (<c>POST /api/webhooks/alertmanager</c>). Valid alerts are taken even where others of the batch are not.
/// </summary>
public static class AlertmanagerEndpoints
{
    private static readonly TimeSpan ResolveTimeout = TimeSpan.FromMinutes(5);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Maps both doors.</summary>
    public static void MapAlertmanager(this IEndpointRouteBuilder app, IAlertSink sink, TimeProvider clock)
    {
        app.MapPost("/api/v2/alerts", http => TakeAsync(http, sink, clock, body => JsonSerializer.Deserialize<List<PostedAlert?>>(body, Json) ?? [])).WithTags("alertmanager");
        app.MapPost("/api/webhooks/alertmanager", http => TakeAsync(http, sink, clock, body => JsonSerializer.Deserialize<Webhook>(body, Json)?.Alerts ?? [])).WithTags("alertmanager");
    }

    private static async Task TakeAsync(HttpContext http, IAlertSink sink, TimeProvider clock, Func<byte[], List<PostedAlert?>> read)
    {
        List<PostedAlert?> posted;
        try
        {
            posted = read(await BoundedBody.ReadAsync(http.Request.Body, 64 * 1024 * 1024, http.RequestAborted));
        }
        catch (JsonException fault)
        {
            CollectorsMetrics.Refuse("alertmanager_api", "malformed_body");
            await AnswerAsync(http, 400, $"parsing alerts body failed: {fault.Message}");
            return;
        }
        catch (InvalidDataException fault)
        {
            CollectorsMetrics.Refuse("alertmanager_api", "oversized_body");
            await AnswerAsync(http, 413, fault.Message);
            return;
        }

        var faults = new List<string>();
        foreach (var (one, index) in posted.Select((one, index) => (one, index)))
        {
            var alert = (one ?? new PostedAlert()).ToAlert(clock.GetUtcNow(), ResolveTimeout, out var fault);
            if (alert is null)
                faults.Add($"alert {index}: {fault}");
            else if (!sink.TryPost(alert))
            {
                await AnswerAsync(http, 503, "the pipeline's inlet is full; send again");
                return;
            }
        }

        if (faults.Count > 0)
        {
            CollectorsMetrics.Refuse("alertmanager_api", "invalid_alert", faults.Count);
            await AnswerAsync(http, 400, string.Join("; ", faults));
        }
    }

    // Error bodies of this API are bare JSON strings.
    private static Task AnswerAsync(HttpContext http, int status, string message)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(JsonSerializer.Serialize(message));
    }

    private sealed record Webhook(List<PostedAlert?>? Alerts);
}
