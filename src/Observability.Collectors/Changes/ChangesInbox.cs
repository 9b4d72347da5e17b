using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Takes announced changes, <c>POST /api/changes</c>:
/// <code>[{"kind":"maintenance_start","at":"2026-03-01T12:00:00Z","labels":{"node":"node-003"},"text":"PSU swap"}]</code>
/// Each becomes an event <c>change:&lt;kind&gt;</c>. <c>at</c> and <c>text</c> may be missing.
/// </summary>
public sealed partial class ChangesInbox(IEventSink sink, Outside outside)
{
    private const string Door = "changes";
    private const int ErrorsKept = 20;

    /// <summary>Most bytes of a request after decompression.</summary>
    internal const long BodyLimitBytes = 4L * 1_024 * 1_024;

    private static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(1);

    private readonly ILogger _log = outside.Logs.CreateLogger("Observability.Collectors.Changes");

    /// <summary>Takes a body; valid changes count even where others are refused.</summary>
    public PushOutcome Post(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonText.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? Take(document.RootElement)
                : Outcome(0, ["the body must be a JSON list of {kind, at, labels, text}"]);
        }
        catch (JsonException fault)
        {
            return Outcome(0, [$"the body is not JSON: {fault.Message}"]);
        }
    }

    private PushOutcome Take(JsonElement list)
    {
        var errors = new List<string>();
        int index = 0, accepted = 0;
        foreach (var element in list.EnumerateArray())
        {
            var where = $"[{index++}]";
            if (Read(element, where, out var error) is not { } change)
            {
                errors.Add(error);
                continue;
            }

            accepted++;
            CollectorsMetrics.Events(Door);
            sink.Publish(change);
        }

        return Outcome(accepted, errors);
    }

    private TelemetryEvent? Read(JsonElement element, string where, out string error)
    {
        error = "";
        if (element.ValueKind != JsonValueKind.Object || Text(element, "kind") is not { } kind || !Kind().IsMatch(kind))
            error = $"{where}.kind must be lower-case words joined by '_', for example maintenance_start";
        else if (!TryTime(element, out _))
            error = $"{where}.at must be an RFC 3339 time, not {element.GetProperty("at").GetRawText()}";
        else if (!TryLabels(element, out _))
            error = $"{where}.labels must be an object of strings";
        if (error.Length > 0)
            return null;
        TryTime(element, out var at);
        TryLabels(element, out var labels);
        var text = Text(element, "text") ?? "";
        var raw = element.GetRawText();
        return new TelemetryEvent
        {
            At = at,
            Source = EventSource.Change,
            Code = "change:" + Text(element, "kind"),
            Raw = raw,
            Labels = labels,
            Fields = LabelSet.Of(("text", text)),
            DedupeKey = $"change:{Text(element, "kind")}|{labels}|{at:O}",
        };
    }

    private bool TryTime(JsonElement element, out DateTimeOffset at)
    {
        at = outside.Time.GetUtcNow();
        if (!element.TryGetProperty("at", out var stated) || stated.ValueKind == JsonValueKind.Null)
            return true;
        if (stated.ValueKind != JsonValueKind.String || !DateTimeOffset.TryParse(
            stated.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read))
        {
            return false;
        }

        if (read <= at + MaxAhead)
            at = read.ToUniversalTime();
        else
            CollectorsMetrics.Clamped(Door);
        return true;
    }

    private static bool TryLabels(JsonElement element, out LabelSet labels)
    {
        labels = LabelSet.Empty;
        if (!element.TryGetProperty("labels", out var stated) || stated.ValueKind == JsonValueKind.Null)
            return true;
        if (stated.ValueKind != JsonValueKind.Object || stated.EnumerateObject().Any(label => label.Value.ValueKind != JsonValueKind.String))
            return false;
        labels = LabelSet.From(stated.EnumerateObject().Select(label => KeyValuePair.Create(label.Name, label.Value.GetString()!)));
        return true;
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private PushOutcome Outcome(int accepted, List<string> errors)
    {
        if (errors.Count == 0)
            return new PushOutcome(200, accepted, "");
        CollectorsMetrics.Refused(Door, "change", errors.Count);
        var joined = string.Join("; ", errors.Take(ErrorsKept));
        CollectorsLog.PushRefused(_log, Door, joined);
        return new PushOutcome(400, accepted, joined);
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,63}$", RegexOptions.CultureInvariant)]
    private static partial Regex Kind();
}
