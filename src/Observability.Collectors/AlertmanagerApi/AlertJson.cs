using System.Globalization;
using System.Text.Json;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads one alert of <c>POST /api/v2/alerts</c> or of Alertmanager's webhook:
/// <code>{"labels":{"alertname":"X"},"annotations":{},"startsAt":"2026-03-01T12:00:00Z","endsAt":"…","generatorURL":"http://…"}</code>
/// An empty label value removes the label; <c>0001-01-01T00:00:00Z</c> is no time.
/// </summary>
internal static class AlertJson
{
    private static readonly TimeSpan Never = TimeSpan.FromDays(366);

    /// <summary>The alert, or null with what is wrong.</summary>
    public static PostedAlert? Read(JsonElement element, string where, DateTimeOffset now, TimeSpan resolveTimeout, out string error)
    {
        error = "";
        if (element.ValueKind != JsonValueKind.Object)
            return Fail($"{where} must be an object", out error);
        if (!TryLabels(element, "labels", out var labels, out var fault) || !TryLabels(element, "annotations", out var notes, out fault))
            return Fail($"{where}: {fault}", out error);
        if (labels.Count == 0)
            return Fail($"{where}: at least one label with a value is required", out error);
        if (!TryTime(element, "startsAt", out var starts) || !TryTime(element, "endsAt", out var ends))
            return Fail($"{where}: startsAt and endsAt must be RFC 3339 times", out error);
        var endsAt = ends ?? now + resolveTimeout;
        var startsAt = starts ?? (ends < now ? ends.Value : now);
        if (endsAt < startsAt)
            return Fail($"{where}: endsAt {endsAt:O} is before startsAt {startsAt:O}", out error);
        var alert = new Alert
        {
            Labels = labels,
            Annotations = notes,
            State = endsAt > now ? AlertState.Firing : AlertState.Resolved,
            StartsAt = startsAt,
            EndsAt = endsAt,
            UpdatedAt = now,
            Origin = AlertOrigin.External,
            GeneratorUrl = Text(element, "generatorURL"),
        };
        return new PostedAlert(alert, endsAt, ends is null);
    }

    /// <summary>The same of a webhook, whose firing alerts have no end and whose state is written out.</summary>
    public static PostedAlert? ReadWebhook(JsonElement element, string where, DateTimeOffset now, out string error)
    {
        var posted = Read(element, where, now, Never, out error);
        if (posted is null)
            return null;
        switch (Text(element, "status"))
        {
            case "firing":
                return posted with { Alert = posted.Alert with { State = AlertState.Firing, EndsAt = posted.IsTimeout ? null : posted.EndsAt } };
            case "resolved":
                var end = posted.IsTimeout || posted.EndsAt > now ? now : posted.EndsAt;
                return new PostedAlert(posted.Alert with { State = AlertState.Resolved, EndsAt = end }, end, false);
            default:
                return Fail($"{where}.status must be firing or resolved", out error);
        }
    }

    private static bool TryLabels(JsonElement element, string name, out LabelSet labels, out string fault)
    {
        (labels, fault) = (LabelSet.Empty, "");
        if (!element.TryGetProperty(name, out var stated) || stated.ValueKind == JsonValueKind.Null)
            return true;
        if (stated.ValueKind != JsonValueKind.Object)
        {
            fault = $"{name} must be an object of strings";
            return false;
        }

        var read = new List<KeyValuePair<string, string>>();
        foreach (var label in stated.EnumerateObject())
        {
            if (label.Value.ValueKind != JsonValueKind.String || label.Name.Length == 0)
            {
                fault = $"{name}.{label.Name} must be a string, not {label.Value.GetRawText()}";
                return false;
            }

            read.Add(new(label.Name, label.Value.GetString()!));
        }

        labels = LabelSet.From(read);
        return true;
    }

    // The zero time of Go means "not given".
    private static bool TryTime(JsonElement element, string name, out DateTimeOffset? time)
    {
        time = null;
        if (!element.TryGetProperty(name, out var stated) || stated.ValueKind == JsonValueKind.Null)
            return true;
        if (stated.ValueKind != JsonValueKind.String)
            return false;
        var text = stated.GetString()!;
        if (text.Length == 0 || text.StartsWith("0001-01-01T00:00:00", StringComparison.Ordinal))
            return true;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read))
            return false;
        time = read.ToUniversalTime();
        return true;
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static PostedAlert? Fail(string why, out string error)
    {
        error = why;
        return null;
    }
}
