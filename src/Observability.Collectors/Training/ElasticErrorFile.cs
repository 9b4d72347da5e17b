using System.Globalization;
using System.Text.Json;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// The error file of torchelastic (<c>TORCHELASTIC_ERROR_FILE</c>), which a failing rank writes.
/// <code>{"message":{"message":"RuntimeError: CUDA error","extraInfo":{"py_callstack":"Traceback …","timestamp":"1767225600"},"errorCode":1}}</code>
/// The outer <c>message</c> may be plain text.
/// </summary>
internal static class ElasticErrorFile
{
    /// <summary>True where a document begins like one.</summary>
    public static bool Recognises(ReadOnlySpan<byte> head) =>
        head.TrimStart(" \r\n\t"u8).StartsWith("{"u8) && head.IndexOf("\"message\""u8) is >= 0 and < 64
        && (head.IndexOf("\"extraInfo\""u8) >= 0 || head.IndexOf("\"py_callstack\""u8) >= 0);

    /// <summary>The failure as an event of a job, and of a node where one is known; null with the reason where the document is none.</summary>
    public static TelemetryEvent? Read(ReadOnlyMemory<byte> json, (string Job, string Node) whose, DateTimeOffset now, out string error)
    {
        error = "";
        try
        {
            using var document = JsonText.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("message", out var message))
                return Event(message, whose, now);
            error = "no error file of torchelastic: it has no message";
        }
        catch (JsonException fault)
        {
            error = $"not JSON: {fault.Message}";
        }

        return null;
    }

    private static TelemetryEvent Event(JsonElement message, (string Job, string Node) whose, DateTimeOffset now)
    {
        var isPlain = message.ValueKind != JsonValueKind.Object;
        var text = isPlain ? message.ToString() : Text(message, "message");
        var extra = !isPlain && message.TryGetProperty("extraInfo", out var info) && info.ValueKind == JsonValueKind.Object ? info : default;
        var stack = extra.ValueKind == JsonValueKind.Object ? Text(extra, "py_callstack") : "";
        var raw = stack.Length > 0 ? stack : text;
        var at = extra.ValueKind == JsonValueKind.Object
            && long.TryParse(Text(extra, "timestamp"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 253_402_300_799
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) : now;
        return new TelemetryEvent
        {
            At = at,
            Source = EventSource.Training,
            Code = "train:error",
            Raw = raw,
            Severity = EventSeverity.Application,
            Labels = LabelSet.Of(("job_name", whose.Job), ("node", whose.Node), ("rank", extra.ValueKind == JsonValueKind.Object ? Text(extra, "rank") : "")),
            Fields = LabelSet.Of(("exception", text.Split(':', 2)[0]), ("message", text), ("error_code", isPlain ? "" : Text(message, "errorCode"))),
            DedupeKey = $"train:error|{whose.Job}|{text}|{at.ToUnixTimeSeconds()}",
        };
    }

    private static string Text(JsonElement element, string name) => !element.TryGetProperty(name, out var value) ? ""
        : value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : value.ToString();
}
