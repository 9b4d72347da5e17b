using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Observability.Collectors;

/// <summary>The HTTP doors of OTLP: <c>POST /v1/metrics</c>, <c>/v1/traces</c> and <c>/v1/logs</c>, or a path of one's own.</summary>
public static class OtlpEndpoints
{
    /// <summary>Maps a <c>POST</c> path, by default the one of the door's signal: protobuf or JSON, gzip or plain; 200, 400, 413 or 415 in the request's encoding.</summary>
    public static IEndpointConventionBuilder MapOtlp(this IEndpointRouteBuilder routes, IOtlpDoor door, string? path = null) =>
        routes.MapPost(path ?? PathOf(door.Signal), context => HandleAsync(context, door));

    private static string PathOf(OtlpSignal signal) => signal switch
    {
        OtlpSignal.Traces => "/v1/traces",
        OtlpSignal.Logs => "/v1/logs",
        _ => "/v1/metrics",
    };

    private static async Task HandleAsync(HttpContext context, IOtlpDoor door)
    {
        var type = context.Request.ContentType?.Split(';')[0].Trim();
        if (type is not ("application/x-protobuf" or "application/json"))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            await context.Response.WriteAsync($"Content-Type '{type}' is not supported; send application/x-protobuf or application/json");
            return;
        }

        var encoding = type == "application/json" ? OtlpEncoding.Json : OtlpEncoding.Protobuf;
        using var body = await PushBody.ReadAsync(context, door.BodyLimitBytes);
        var outcome = body.Fault switch
        {
            BodyFault.None => door.Receive(body.Bytes, encoding),
            BodyFault.TooLarge => new OtlpOutcome(StatusCodes.Status413PayloadTooLarge, 0, 0, body.Error),
            _ => new OtlpOutcome(StatusCodes.Status400BadRequest, 0, 0, body.Error),
        };
        context.Response.StatusCode = outcome.Status;
        context.Response.ContentType = type;
        await context.Response.Body.WriteAsync(OtlpReply.Write(outcome, encoding, door.Signal), context.RequestAborted);
    }
}
