using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Observability.Collectors;

/// <summary>The HTTP door for announced changes.</summary>
public static class ChangesEndpoints
{
    /// <summary>Maps <c>POST /api/changes</c>; the answer is <c>{"accepted":n,"errors":"…"}</c> with 200, 400 or 413.</summary>
    public static IEndpointConventionBuilder MapChanges(this IEndpointRouteBuilder routes, ChangesInbox inbox) =>
        routes.MapPost("/api/changes", context => HandleAsync(context, inbox));

    private static async Task HandleAsync(HttpContext context, ChangesInbox inbox)
    {
        using var body = await PushBody.ReadAsync(context, ChangesInbox.BodyLimitBytes);
        var outcome = body.Fault switch
        {
            BodyFault.None => inbox.Post(body.Bytes),
            BodyFault.TooLarge => new PushOutcome(StatusCodes.Status413PayloadTooLarge, 0, body.Error),
            _ => new PushOutcome(StatusCodes.Status400BadRequest, 0, body.Error),
        };
        context.Response.StatusCode = outcome.Status;
        await context.Response.WriteAsJsonAsync(
            new Dictionary<string, object> { ["accepted"] = outcome.Accepted, ["errors"] = outcome.Errors }, context.RequestAborted);
    }
}
