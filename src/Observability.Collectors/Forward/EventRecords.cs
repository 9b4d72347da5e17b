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
    /// <summary>Name of the instrumentation scope that tells them from other log records.</summary>
    public const string Scope = "observability.events";

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

    /// <summary>The event that a record of this scope stands for; null where it lacks a name, a source or a severity that is known.</summary>
    /// <param name="at">The record's own time.</param>
    /// <param name="body">Its body.</param>
    /// <param name="attributes">Its attributes.</param>
    public static TelemetryEvent? Read(DateTimeOffset at, string body, IReadOnlyDictionary<string, string> attributes)
    {
        if (!attributes.TryGetValue("event.name", out var code)
            || !Enum.TryParse<EventSource>(attributes.GetValueOrDefault("event.source"), out var source) || !Enum.IsDefined(source)
            || !Enum.TryParse<EventSeverity>(attributes.GetValueOrDefault("event.severity"), out var severity) || !Enum.IsDefined(severity))
            return null;
        return new TelemetryEvent
        {
            At = at,
            Source = source,
            Code = code,
            Raw = body,
            Severity = severity,
            Labels = Named(LabelPrefix, attributes),
            Fields = Named(FieldPrefix, attributes),
            BootId = attributes.GetValueOrDefault("event.boot_id", ""),
            DedupeKey = attributes.GetValueOrDefault("event.dedupe_key", ""),
        };
    }

    private static LabelSet Named(string prefix, IReadOnlyDictionary<string, string> attributes) =>
        LabelSet.From(attributes.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
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
