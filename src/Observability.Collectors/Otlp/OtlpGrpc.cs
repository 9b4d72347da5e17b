using System.Buffers.Binary;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Observability.Collectors;

/// <summary>
/// The gRPC doors of OTLP: one unary call <c>Export</c> for each signal. gRPC needs HTTP/2; without TLS the port must speak nothing else.
/// A message is framed by a byte that says whether it is compressed and four bytes of length
/// (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). The messages are those of the HTTP doors, so that no code is generated.
/// </summary>
public static class OtlpGrpc
{
    private const int FrameHead = 5;
    private const int InvalidArgument = 3;
    private const int ResourceExhausted = 8;
    private const int Unimplemented = 12;

    /// <summary>Maps the call of a door's signal.</summary>
    public static IEndpointConventionBuilder MapOtlpGrpc(this IEndpointRouteBuilder routes, IOtlpDoor door) =>
        routes.MapPost(PathOf((door ?? throw new ArgumentNullException(nameof(door))).Signal), context => HandleAsync(context, door));

    private static string PathOf(OtlpSignal signal) => signal switch
    {
        OtlpSignal.Traces => "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        OtlpSignal.Logs => "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
        _ => "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
    };

    private static async Task HandleAsync(HttpContext context, IOtlpDoor door)
    {
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        var outcome = await ReceiveAsync(context, door);
        context.Response.ContentType = "application/grpc";
        if (outcome.Status == StatusCodes.Status200OK)
        {
            var reply = OtlpReply.Write(outcome, OtlpEncoding.Protobuf, door.Signal);
            var frame = new byte[FrameHead + reply.Length];
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), reply.Length);
            reply.CopyTo(frame, FrameHead);
            await context.Response.Body.WriteAsync(frame, context.RequestAborted);
        }

        context.Response.AppendTrailer("grpc-status", $"{Code(outcome.Status)}");
        if (outcome.Status != StatusCodes.Status200OK)
            context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(outcome.Message));
    }

    // UNIMPLEMENTED tells a sender to use another compression; neither it nor the others here are sent again.
    private static int Code(int status) => status switch
    {
        StatusCodes.Status200OK => 0,
        StatusCodes.Status413PayloadTooLarge => ResourceExhausted,
        StatusCodes.Status415UnsupportedMediaType => Unimplemented,
        _ => InvalidArgument,
    };

    private static async Task<OtlpOutcome> ReceiveAsync(HttpContext context, IOtlpDoor door)
    {
        using var body = await PushBody.ReadAsync(context, door.BodyLimitBytes + FrameHead, "");
        if (body.Fault != BodyFault.None)
            return Refused(body);
        var bytes = body.Bytes;
        if (bytes.Length < FrameHead || BinaryPrimitives.ReadUInt32BigEndian(bytes.Span[1..]) != bytes.Length - FrameHead)
            return new OtlpOutcome(StatusCodes.Status400BadRequest, 0, 0, $"{bytes.Length} bytes are not one whole gRPC message");
        if (bytes.Span[0] == 0)
            return door.Receive(bytes[FrameHead..], OtlpEncoding.Protobuf);
        var encoding = context.Request.Headers["grpc-encoding"].ToString();
        if (encoding != "gzip")
            return new OtlpOutcome(StatusCodes.Status415UnsupportedMediaType, 0, 0, $"grpc-encoding '{encoding}' is not supported; send gzip or none");
        using var packed = new MemoryStream(bytes[FrameHead..].ToArray());
        using var plain = await LimitedBody.ReadAsync(packed, encoding, door.BodyLimitBytes, context.RequestAborted);
        return plain.Fault == BodyFault.None ? door.Receive(plain.Bytes, OtlpEncoding.Protobuf) : Refused(plain);
    }

    private static OtlpOutcome Refused(BodyRead body) => new(
        body.Fault == BodyFault.TooLarge ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest, 0, 0, body.Error);
}
