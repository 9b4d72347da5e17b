namespace Observability.Collectors;

/// <summary>Reads ExportTraceServiceRequest from protobuf (opentelemetry-proto, trace/v1/trace.proto); unknown fields are skipped.</summary>
internal static class OtlpTraceProtobuf
{
    /// <summary>The spans of a request; null where the bytes are no such message.</summary>
    public static List<OtlpSpan>? Read(ReadOnlySpan<byte> request)
    {
        var spans = new List<OtlpSpan>();
        return OtlpProtobuf.ReadGroups(request, spans, ReadSpan, (span, resource) => span.Resource = resource) ? spans : null;
    }

    // Span: trace_id 1, span_id 2, parent_span_id 4, name 5, kind 6, start 7 (fixed64), end 8, attributes 9, status 15 { message 2, code 3 }.
    private static bool ReadSpan(ReadOnlySpan<byte> message, List<OtlpSpan> into)
    {
        var span = new OtlpSpan();
        var ok = true;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field, reader.IsBytes)
            {
                case (1, true): span.TraceId = Convert.ToHexStringLower(reader.Bytes); break;
                case (2, true): span.SpanId = Convert.ToHexStringLower(reader.Bytes); break;
                case (4, true): span.ParentSpanId = Convert.ToHexStringLower(reader.Bytes); break;
                case (5, true): span.Name = reader.Text; break;
                case (6, false): span.Kind = (int)Math.Min(reader.Number, 9); break;
                case (7, false): span.StartUnixNano = reader.Number; break;
                case (8, false): span.EndUnixNano = reader.Number; break;
                case (9, true): ok &= OtlpProtobuf.ReadAttribute(reader.Bytes, span.Attributes); break;
                case (15, true): ok &= ReadStatus(reader.Bytes, span); break;
                default: break;
            }
        }

        into.Add(span);
        return ok && !reader.IsBroken;
    }

    private static bool ReadStatus(ReadOnlySpan<byte> message, OtlpSpan span)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            if (reader is { Field: 2, IsBytes: true })
                span.StatusMessage = reader.Text;
            else if (reader is { Field: 3, IsBytes: false })
                span.Status = (int)reader.Number;
        }

        return !reader.IsBroken;
    }
}
