using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Observability.Collectors;

/// <summary>The HTTP door of Prometheus remote write: <c>POST /api/v1/write</c>.</summary>
public static class RemoteWriteEndpoints
{
    private const string Written = "X-Prometheus-Remote-Write-";

    /// <summary>
    /// Maps <c>POST /api/v1/write</c>: <c>application/x-protobuf</c> with <c>proto=prometheus.WriteRequest</c> (also without it) or
    /// <c>proto=io.prometheus.write.v2.Request</c>, compressed with snappy. 204; 400 with what was refused; 413; 415 for any other type
    /// or encoding. The answer always says in its headers how much was written.
    /// </summary>
    public static IEndpointConventionBuilder MapRemoteWrite(this IEndpointRouteBuilder routes, RemoteWriteReceiver receiver) =>
        routes.MapPost("/api/v1/write", context => HandleAsync(context, receiver));

    private static async Task HandleAsync(HttpContext context, RemoteWriteReceiver receiver)
    {
        if (!TryNegotiate(context.Request, out var protocol, out var fault))
        {
            await AnswerAsync(context, new RemoteWriteOutcome(StatusCodes.Status415UnsupportedMediaType, 0, 0, 0, fault));
            return;
        }

        // The body is read as it is: Content-Encoding names snappy, which the receiver takes off.
        using var body = await PushBody.ReadAsync(context, receiver.Options.BodyLimitBytes, encoding: "");
        await AnswerAsync(context, body.Fault switch
        {
            BodyFault.None => receiver.Receive(body.Bytes, protocol),
            BodyFault.TooLarge => new RemoteWriteOutcome(StatusCodes.Status413PayloadTooLarge, 0, 0, 0, body.Error),
            _ => new RemoteWriteOutcome(StatusCodes.Status400BadRequest, 0, 0, 0, body.Error),
        });
    }

    private static bool TryNegotiate(HttpRequest request, out RemoteWriteProtocol protocol, out string fault)
    {
        protocol = RemoteWriteProtocol.V1;
        fault = "";
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("application/x-protobuf", StringComparison.OrdinalIgnoreCase))
        {
            fault = $"Content-Type '{request.ContentType}' is not supported; send application/x-protobuf";
            return false;
        }

        var proto = type.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("proto", StringComparison.OrdinalIgnoreCase))?.GetUnescapedValue().ToString();
        if (proto is not (null or "prometheus.WriteRequest" or "io.prometheus.write.v2.Request"))
        {
            fault = $"proto={proto} is not supported; send prometheus.WriteRequest or io.prometheus.write.v2.Request";
            return false;
        }

        protocol = proto == "io.prometheus.write.v2.Request" ? RemoteWriteProtocol.V2 : RemoteWriteProtocol.V1;
        // Old senders leave the header out and compress all the same.
        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding is "" or "snappy")
            return true;
        fault = $"Content-Encoding '{encoding}' is not supported; send snappy";
        return false;
    }

    private static async Task AnswerAsync(HttpContext context, RemoteWriteOutcome outcome)
    {
        var response = context.Response;
        response.StatusCode = outcome.Status;
        response.Headers[Written + "Samples-Written"] = outcome.Samples.ToString(CultureInfo.InvariantCulture);
        response.Headers[Written + "Histograms-Written"] = outcome.Histograms.ToString(CultureInfo.InvariantCulture);
        response.Headers[Written + "Exemplars-Written"] = outcome.Exemplars.ToString(CultureInfo.InvariantCulture);
        if (outcome.Message.Length == 0)
            return;
        response.ContentType = "text/plain; charset=utf-8";
        await response.WriteAsync(outcome.Message + "\n", context.RequestAborted);
    }
}
