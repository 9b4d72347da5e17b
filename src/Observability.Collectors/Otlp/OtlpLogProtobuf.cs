namespace Observability.Collectors;

/// <summary>Reads ExportLogsServiceRequest from protobuf (opentelemetry-proto, logs/v1/logs.proto); unknown fields are skipped.</summary>
internal static class OtlpLogProtobuf
{
    /// <summary>The records of a request; null where the bytes are no such message.</summary>
    public static List<OtlpLogRecord>? Read(ReadOnlySpan<byte> request)
    {
        var records = new List<OtlpLogRecord>();
        return OtlpProtobuf.ReadGroups(request, records, ReadRecord, (record, resource) => record.Resource = resource) ? records : null;
    }

    // LogRecord: time 1 (fixed64), severity_text 3, body 5 (AnyValue), attributes 6, observed time 11 (fixed64).
    private static bool ReadRecord(ReadOnlySpan<byte> message, List<OtlpLogRecord> into)
    {
        var record = new OtlpLogRecord();
        var ok = true;
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field, reader.IsBytes)
            {
                case (1, false): record.TimeUnixNano = reader.Number; break;
                case (3, true): record.SeverityText = reader.Text; break;
                case (5, true): record.Body = OtlpProtobuf.ReadValue(reader.Bytes, 0); break;
                case (6, true): ok &= OtlpProtobuf.ReadAttribute(reader.Bytes, record.Attributes); break;
                case (11, false): record.ObservedUnixNano = reader.Number; break;
                default: break;
            }
        }

        into.Add(record);
        return ok && !reader.IsBroken;
    }
}
