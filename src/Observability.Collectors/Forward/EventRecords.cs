using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Events as OTLP log records: the raw line is the body, everything else an attribute, so that any OTLP receiver keeps them and ours
/// gets back exactly what was sent.
/// <code>
/// event.name = xid:79   event.source = Kmsg   event.severity = HardwareFatal   event.boot_id, event.dedupe_key
/// event.label.NODE = …  event.field.PID = …
/// </code>
/// </summary>
internal static class EventRecords
{
    private const string Scope = "observability.events";
    private const string LabelPrefix = "event.label.";
    private const string FieldPrefix = "event.field.";

    /// <summary>Writes an <c>ExportLogsServiceRequest</c>.</summary>
    public static byte[] Write(IEnumerable<TelemetryEvent> events, ProtoWriter message)
    {
        message.Clear();
        var resource = message.Begin(1);
        var scope = message.Begin(2);
        var named = message.Begin(1);
        message.Text(1, Scope);
        message.End(named);
        foreach (var one in events)
            Write(one, message);
        message.End(scope);
        message.End(resource);
        return message.Written.ToArray();
    }

    /// <summary>The event that a record stands for; null where it is another record: it lacks a name, or a source or severity of ours.</summary>
    public static TelemetryEvent? Read(OtlpLogRecord record)
    {
        var code = Attribute(record, "event.name");
        if (code.Length == 0 || record.TimeUnixNano == 0
            || !Enum.TryParse<EventSource>(Attribute(record, "event.source"), out var source) || !Enum.IsDefined(source)
            || !Enum.TryParse<EventSeverity>(Attribute(record, "event.severity"), out var severity) || !Enum.IsDefined(severity))
            return null;
        return new TelemetryEvent
        {
            At = DateTimeOffset.UnixEpoch.AddTicks((long)(record.TimeUnixNano / 100)),
            Source = source,
            Code = code,
            Raw = record.Body,
            Severity = severity,
            Labels = Named(LabelPrefix, record),
            Fields = Named(FieldPrefix, record),
            BootId = Attribute(record, "event.boot_id"),
            DedupeKey = Attribute(record, "event.dedupe_key"),
        };
    }

    private static string Attribute(OtlpLogRecord record, string name) =>
        record.Attributes.Find(attribute => attribute.Key == name).Value ?? "";

    private static LabelSet Named(string prefix, OtlpLogRecord record) =>
        LabelSet.From(record.Attributes.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(pair => KeyValuePair.Create(pair.Key[prefix.Length..], pair.Value)));

    private static void Write(TelemetryEvent one, ProtoWriter message)
    {
        var record = message.Begin(2);
        message.Fixed64(1, (ulong)(one.At.ToUniversalTime() - DateTimeOffset.UnixEpoch).Ticks * 100);
        message.Number(2, SeverityNumber(one.Severity));
        var body = message.Begin(5);
        message.Text(1, one.Raw);
        message.End(body);
        Attribute("event.name", one.Code, message);
        Attribute("event.source", one.Source.ToString(), message);
        Attribute("event.severity", one.Severity.ToString(), message);
        Attribute("event.boot_id", one.BootId, message);
        Attribute("event.dedupe_key", one.DedupeKey, message);
        foreach (var (name, value) in one.Labels)
            Attribute(LabelPrefix + name, value, message);
        foreach (var (name, value) in one.Fields)
            Attribute(FieldPrefix + name, value, message);
        message.End(record);
    }

    private static void Attribute(string name, string value, ProtoWriter message)
    {
        if (value.Length == 0)
            return;
        var attribute = message.Begin(6);
        message.Text(1, name);
        var content = message.Begin(2);
        message.Text(1, value);
        message.End(content);
        message.End(attribute);
    }

    // OpenTelemetry's scale: INFO 9, WARN 13, ERROR 17, FATAL 21.
    private static ulong SeverityNumber(EventSeverity severity) => severity switch
    {
        EventSeverity.Info => 9,
        EventSeverity.Warning => 13,
        EventSeverity.HardwareFatal => 21,
        _ => 17,
    };
}
