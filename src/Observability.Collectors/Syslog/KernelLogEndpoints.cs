using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Observability.Collectors;

/// <summary>The HTTP door for lines of kernel logs.</summary>
public static class KernelLogEndpoints
{
    private const long BodyLimitBytes = 16L * 1_024 * 1_024;

    /// <summary>
    /// Maps <c>POST /api/logs/kernel?node=NAME</c>: lines as /dev/kmsg, dmesg, journald (short, export, JSON) or syslog write them. The
    /// answer is <c>{"accepted":n,"errors":"…"}</c> with 200, 400, 413 or 503.
    /// </summary>
    public static IEndpointConventionBuilder MapKernelLogs(this IEndpointRouteBuilder routes, KernelInbox inbox) =>
        routes.MapPost("/api/logs/kernel", context => HandleAsync(context, inbox));

    private static async Task HandleAsync(HttpContext context, KernelInbox inbox)
    {
        using var body = await PushBody.ReadAsync(context, BodyLimitBytes);
        var outcome = body.Fault switch
        {
            BodyFault.None => inbox.Post(body.Bytes, context.Request.Query["node"].ToString()),
            BodyFault.TooLarge => new PushOutcome(StatusCodes.Status413PayloadTooLarge, 0, body.Error),
            _ => new PushOutcome(StatusCodes.Status400BadRequest, 0, body.Error),
        };
        context.Response.StatusCode = outcome.Status;
        await context.Response.WriteAsJsonAsync(
            new Dictionary<string, object> { ["accepted"] = outcome.Accepted, ["errors"] = outcome.Errors }, context.RequestAborted);
    }
}
