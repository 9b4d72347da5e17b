using System.Text.Json;

namespace Observability.Collectors;

/// <summary>
/// Reads spans and log records from OTLP/JSON. Throws <see cref="JsonException"/> only where the text is no JSON; a field of the wrong
/// type counts as absent.
/// </summary>
internal static class OtlpTraceJson
{
    /// <summary>The spans of a request; null where the document has no list resourceSpans.</summary>
    public static List<OtlpSpan>? ReadSpans(ReadOnlyMemory<byte> json) => OtlpJson.ReadGroups(json, ("resourceSpans", "scopeSpans", "spans"), (element, resource) =>
    {
        var span = new OtlpSpan
        {
            Resource = resource,
            TraceId = OtlpJson.Text(element, "traceId"),
            SpanId = OtlpJson.Text(element, "spanId"),
            ParentSpanId = OtlpJson.Text(element, "parentSpanId"),
            Kind = (int)Math.Min(OtlpJson.Unsigned(OtlpJson.Property(element, "kind")), 9),
            Name = OtlpJson.Text(element, "name"),
            StartUnixNano = OtlpJson.Unsigned(OtlpJson.Property(element, "startTimeUnixNano")),
            EndUnixNano = OtlpJson.Unsigned(OtlpJson.Property(element, "endTimeUnixNano")),
        };
        OtlpJson.ReadAttributes(element, span.Attributes);
        if (OtlpJson.Property(element, "status") is { } status)
        {
            span.Status = (int)Math.Min(OtlpJson.Unsigned(OtlpJson.Property(status, "code")), 9);
            span.StatusMessage = OtlpJson.Text(status, "message");
        }

        return span;
    });

    /// <summary>The log records of a request; null where the document has no list resourceLogs.</summary>
    public static List<OtlpLogRecord>? ReadRecords(ReadOnlyMemory<byte> json) => OtlpJson.ReadGroups(json, ("resourceLogs", "scopeLogs", "logRecords"), (element, resource) =>
    {
        var record = new OtlpLogRecord
        {
            Resource = resource,
            TimeUnixNano = OtlpJson.Unsigned(OtlpJson.Property(element, "timeUnixNano")),
            ObservedUnixNano = OtlpJson.Unsigned(OtlpJson.Property(element, "observedTimeUnixNano")),
            SeverityText = OtlpJson.Text(element, "severityText"),
            Body = OtlpJson.Property(element, "body") is { } body ? OtlpJson.ValueText(body) : "",
        };
        OtlpJson.ReadAttributes(element, record.Attributes);
        return record;
    });
}
