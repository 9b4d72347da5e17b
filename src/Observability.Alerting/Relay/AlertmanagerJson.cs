using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>Writes the body of <c>POST /api/v2/alerts</c>: <c>[{"labels":{},"annotations":{},"startsAt":"…","endsAt":"…","generatorURL":"…"}]</c>.</summary>
internal static class AlertmanagerJson
{
    public static ReadOnlyMemory<byte> Write(IEnumerable<Alert> alerts)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartArray();
        foreach (var alert in alerts)
        {
            json.WriteStartObject();
            Write(json, "labels", alert.Labels);
            Write(json, "annotations", alert.Annotations);
            json.WriteString("startsAt", Time(alert.StartsAt));
            if (alert.EndsAt is { } end)
                json.WriteString("endsAt", Time(end));
            json.WriteString("generatorURL", alert.GeneratorUrl);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, string name, LabelSet labels)
    {
        json.WriteStartObject(name);
        foreach (var (label, value) in labels)
            json.WriteString(label, value);
        json.WriteEndObject();
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
