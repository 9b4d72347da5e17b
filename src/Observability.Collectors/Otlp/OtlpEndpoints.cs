using System.IO.Compression;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>OTLP/HTTP for metrics: <c>POST /v1/metrics</c>, protobuf or JSON, gzip, partial success.</summary>
public static class OtlpEndpoints
{
    private const string Json = "application/json";
    private const string Protobuf = "application/x-protobuf";

    /// <summary>Maps the receiver.</summary>
    public static void MapOtlp(this IEndpointRouteBuilder app, ISampleSink sink, TimeProvider clock, int maximumBodyBytes)
    {
        var staleness = new OtlpStaleness();
        app.MapPost("/v1/metrics", http => ReceiveAsync(http, (sink, staleness), clock, maximumBodyBytes)).WithTags("otlp");
    }

    private static async Task ReceiveAsync(HttpContext http, (ISampleSink Sink, OtlpStaleness Staleness) into, TimeProvider clock, int maximumBodyBytes)
    {
        var type = http.Request.ContentType?.Split(';')[0].Trim() ?? "";
        if (type is not (Json or Protobuf))
        {
            await AnswerAsync(http, 415, Json, $"content type '{type}' is not {Protobuf} or {Json}");
            return;
        }

        try
        {
            var result = await ReadAsync(http.Request, type, maximumBodyBytes);
            var now = clock.GetUtcNow();
            var samples = result.Points.ConvertAll(point => OtlpNames.ToSample(point, now.ToUnixTimeMilliseconds()));
            CollectorsMetrics.Samples.Add(samples.Count, new KeyValuePair<string, object?>("source", "otlp"));
            into.Staleness.End(samples, now.ToUnixTimeMilliseconds());
            into.Sink.Append(new SampleBatch("otlp", now, samples));
            if (result.Refused > 0)
                CollectorsMetrics.Refuse("otlp", "unsupported_point", result.Refused);
            await SucceedAsync(http, type, result);
        }
        catch (Exception fault) when (fault is JsonException or InvalidProtocolBufferException)
        {
            CollectorsMetrics.Refuse("otlp", "malformed_body");
            await AnswerAsync(http, 400, type, $"the body is not an OTLP metrics request: {fault.Message}");
        }
        catch (InvalidDataException fault)
        {
            var tooLarge = fault.Message.StartsWith("the body has more", StringComparison.Ordinal);
            CollectorsMetrics.Refuse("otlp", tooLarge ? "oversized_body" : "broken_gzip");
            await AnswerAsync(http, tooLarge ? 413 : 400, type, fault.Message);
        }
    }

    private static async Task<OtlpResult> ReadAsync(HttpRequest request, string type, int maximumBodyBytes)
    {
        var isZipped = request.Headers.ContentEncoding.ToString() == "gzip";
        await using var stream = isZipped ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
        var body = await BoundedBody.ReadAsync(stream, maximumBodyBytes, request.HttpContext.RequestAborted);
        return type == Json ? OtlpJsonReader.Read(body) : OtlpProtobufReader.Read(body);
    }

    private static async Task SucceedAsync(HttpContext http, string type, OtlpResult result)
    {
        http.Response.ContentType = type;
        if (type == Json)
        {
            await http.Response.WriteAsync(result.Refused == 0
                ? "{}"
                : JsonSerializer.Serialize(new { partialSuccess = new { rejectedDataPoints = result.Refused, errorMessage = result.Message } }));
            return;
        }

        await http.Response.Body.WriteAsync(PartialSuccess(result));
    }

    // ExportMetricsServiceResponse{1: PartialSuccess{1: rejected, 2: message}}, empty on full success.
    private static byte[] PartialSuccess(OtlpResult result)
    {
        if (result.Refused == 0)
            return [];
        using var inner = new MemoryStream();
        using (var output = new CodedOutputStream(inner, leaveOpen: true))
        {
            output.WriteTag(1, WireFormat.WireType.Varint);
            output.WriteInt64(result.Refused);
            output.WriteTag(2, WireFormat.WireType.LengthDelimited);
            output.WriteString(result.Message);
        }

        using var outer = new MemoryStream();
        using (var output = new CodedOutputStream(outer, leaveOpen: true))
        {
            output.WriteTag(1, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(inner.ToArray()));
        }

        return outer.ToArray();
    }

    private static Task AnswerAsync(HttpContext http, int status, string type, string message)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type == Protobuf ? "text/plain" : type;
        return http.Response.WriteAsync(type == Json ? JsonSerializer.Serialize(new { code = 3, message }) : message);
    }
}
