using System.Text;
using System.Text.Json;

namespace Observability.Collectors;

/// <summary>Writes the answer to a request in the request's own encoding.</summary>
internal static class OtlpReply
{
    public static byte[] Write(OtlpOutcome outcome, OtlpEncoding encoding, OtlpSignal signal = OtlpSignal.Metrics) => encoding == OtlpEncoding.Json
        ? WriteJson(outcome, signal)
        : WriteProtobuf(outcome);

    private static byte[] WriteJson(OtlpOutcome outcome, OtlpSignal signal)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (outcome.Status != 200)
            {
                json.WriteNumber("code", StatusCode(outcome.Status));
                json.WriteString("message", outcome.Message);
            }
            else if (outcome.Rejected > 0)
            {
                json.WriteStartObject("partialSuccess");
                json.WriteString(signal switch { OtlpSignal.Traces => "rejectedSpans", OtlpSignal.Logs => "rejectedLogRecords", _ => "rejectedDataPoints" }, $"{outcome.Rejected}");
                json.WriteString("errorMessage", outcome.Message);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    // Export…ServiceResponse { partial_success = 1 { rejected_… = 1; error_message = 2 } } of every signal and
    // google.rpc.Status { code = 1; message = 2 } have the same inner shape.
    private static byte[] WriteProtobuf(OtlpOutcome outcome)
    {
        if (outcome is { Status: 200, Rejected: 0 })
            return [];
        var inner = new List<byte>();
        PutVarint(inner, 1 << 3);
        PutVarint(inner, outcome.Status == 200 ? (ulong)outcome.Rejected : (ulong)StatusCode(outcome.Status));
        PutBytes(inner, 2, Encoding.UTF8.GetBytes(outcome.Message));
        if (outcome.Status != 200)
            return [.. inner];
        var outer = new List<byte>();
        PutBytes(outer, 1, [.. inner]);
        return [.. outer];
    }

    // google.rpc.Code: INVALID_ARGUMENT, RESOURCE_EXHAUSTED.
    internal static int StatusCode(int httpStatus) => httpStatus == 413 ? 8 : 3;

    private static void PutBytes(List<byte> into, int field, byte[] bytes)
    {
        PutVarint(into, ((ulong)field << 3) | 2);
        PutVarint(into, (ulong)bytes.Length);
        into.AddRange(bytes);
    }

    private static void PutVarint(List<byte> into, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            into.Add((byte)(value | 0x80));
        into.Add((byte)value);
    }
}
