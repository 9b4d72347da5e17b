using Microsoft.AspNetCore.Mvc;
using Observability.Response;

namespace Observability.Server;

/// <summary>Clicks in Slack: <c>POST /api/slack/interactions</c>, signed by Slack, stale ones refused.</summary>
internal static class SlackDoor
{
    // Slack's own payloads stay far below this; whoever sends more has not been checked yet and must not fill the memory.
    private const long MaximumBytes = 1_024 * 1_024;

    public static void MapSlack(this IEndpointRouteBuilder app, string secret) =>
        app.MapPost("/api/slack/interactions", (HttpContext http, CommandDoor door, TimeProvider clock) => TakeAsync(http, (secret, clock), door))
            .WithTags("slack").WithSummary("A click in Slack").WithMetadata(new RequestSizeLimitAttribute(MaximumBytes)).DisableAntiforgery();

    private static async Task<IResult> TakeAsync(HttpContext http, (string Secret, TimeProvider Clock) how, CommandDoor door)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        var now = how.Clock.GetUtcNow();
        var refusal = SlackSignature.Refusal(
            how.Secret, http.Request.Headers["X-Slack-Request-Timestamp"].ToString(), http.Request.Headers["X-Slack-Signature"].ToString(), body, now);
        if (refusal is not null)
            return Refuse(http, 401, "slack_signature", refusal);
        var payload = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(body).TryGetValue("payload", out var value) ? value.ToString() : "";
        if (SlackInteraction.Parse(payload, now, out var fault) is not { } command)
            return Refuse(http, 400, "slack_payload", fault);
        var outcome = await door.SubmitAsync(command, http.RequestAborted);
        // Slack wants 200 within three seconds; what became of the click is the text of the answer.
        return Results.Json(new { text = outcome.Accepted ? "Done." : $"Refused: {outcome.Message}", response_type = "ephemeral" });
    }

    private static IResult Refuse(HttpContext http, int status, string reason, string message)
    {
        RequestFaults.Mark(http, reason);
        return Results.Json(new ApiError(message), statusCode: status);
    }
}
