using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Observability.Collectors;

/// <summary>The HTTP doors for alerts of other systems. Errors are bare JSON strings, as Alertmanager writes them.</summary>
public static class AlertmanagerEndpoints
{
    /// <summary>Maps <c>POST /api/v2/alerts</c> and <c>POST /api/webhooks/alertmanager</c>.</summary>
    public static void MapAlertmanager(this IEndpointRouteBuilder routes, AlertmanagerInbox inbox)
    {
        routes.MapPost("/api/v2/alerts", context => HandleAsync(context, inbox, inbox.PostAlerts));
        routes.MapPost("/api/webhooks/alertmanager", context => HandleAsync(context, inbox, inbox.PostWebhook));
    }

    private static async Task HandleAsync(
        HttpContext context, AlertmanagerInbox inbox, Func<ReadOnlyMemory<byte>, PushOutcome> post)
    {
        using var body = await PushBody.ReadAsync(context, inbox.Options.BodyLimitBytes);
        var outcome = body.Fault switch
        {
            BodyFault.None => post(body.Bytes),
            BodyFault.TooLarge => new PushOutcome(StatusCodes.Status413PayloadTooLarge, 0, body.Error),
            _ => new PushOutcome(StatusCodes.Status400BadRequest, 0, body.Error),
        };
        context.Response.StatusCode = outcome.Status;
        if (outcome.Errors.Length == 0)
            return;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(JsonSerializer.Serialize(outcome.Errors), context.RequestAborted);
    }
}
