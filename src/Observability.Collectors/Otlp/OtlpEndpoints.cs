using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Observability.Collectors;

/// <summary>The HTTP door of OTLP metrics: <c>POST /v1/metrics</c>, or the path under which Prometheus has it.</summary>
public static class OtlpEndpoints
{
    /// <summary>Maps a <c>POST</c> path, <c>/v1/metrics</c> where none is named: protobuf or JSON, gzip or plain; 200, 400, 413 or 415 in the request's encoding.</summary>
    public static IEndpointConventionBuilder MapOtlp(this IEndpointRouteBuilder routes, OtlpReceiver receiver, string path = "/v1/metrics") =>
        routes.MapPost(path, context => HandleAsync(context, receiver));

    private static async Task HandleAsync(HttpContext context, OtlpReceiver receiver)
    {
        var type = context.Request.ContentType?.Split(';')[0].Trim();
        if (type is not ("application/x-protobuf" or "application/json"))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            await context.Response.WriteAsync($"Content-Type '{type}' is not supported; send application/x-protobuf or application/json");
            return;
        }

        var encoding = type == "application/json" ? OtlpEncoding.Json : OtlpEncoding.Protobuf;
        using var body = await PushBody.ReadAsync(context, receiver.Options.BodyLimitBytes);
        var outcome = body.Fault switch
        {
            BodyFault.None => receiver.Receive(body.Bytes, encoding),
            BodyFault.TooLarge => new OtlpOutcome(StatusCodes.Status413PayloadTooLarge, 0, 0, body.Error),
            _ => new OtlpOutcome(StatusCodes.Status400BadRequest, 0, 0, body.Error),
        };
        context.Response.StatusCode = outcome.Status;
        context.Response.ContentType = type;
        await context.Response.Body.WriteAsync(OtlpReply.Write(outcome, encoding), context.RequestAborted);
    }
}
