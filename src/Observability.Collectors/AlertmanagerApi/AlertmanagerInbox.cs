using System.Text.Json;
using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Takes alerts as Alertmanager does, from Prometheus and others (<c>POST /api/v2/alerts</c>) and from another Alertmanager's
/// webhook. Valid alerts of a body count even where others are refused. Thread-safe.
/// </summary>
public sealed class AlertmanagerInbox(IAlertSink sink, AlertmanagerOptions options, Outside outside)
{
    private const string Door = "alertmanager";
    private const int ErrorsKept = 20;

    private readonly ILogger _log = outside.Logs.CreateLogger("Observability.Collectors.Alertmanager");
    private readonly Lock _gate = new();
    private readonly Dictionary<LabelSet, PostedAlert> _known = [];

    internal AlertmanagerOptions Options => options;

    /// <summary>Takes the body of <c>POST /api/v2/alerts</c>: a JSON list of alerts.</summary>
    public PushOutcome PostAlerts(ReadOnlyMemory<byte> json)
    {
        var now = outside.Time.GetUtcNow();
        return Take(json, root => root.ValueKind == JsonValueKind.Array ? root : null, "the body must be a JSON list of alerts",
            (element, where) => (AlertJson.Read(element, where, now, options.ResolveTimeout, out var error), error));
    }

    /// <summary>Takes the body of Alertmanager's webhook, version 4.</summary>
    public PushOutcome PostWebhook(ReadOnlyMemory<byte> json)
    {
        var now = outside.Time.GetUtcNow();
        return Take(json, AlertsOfWebhook, "the body must be an Alertmanager webhook of version 4 with a list 'alerts'",
            (element, where) => (AlertJson.ReadWebhook(element, where, now, out var error), error));
    }

    /// <summary>Resolves alerts whose sender fell silent past their end, and forgets old ones.</summary>
    public void Advance(DateTimeOffset now)
    {
        lock (_gate)
        {
            var ended = _known.Where(pair => pair.Value.Alert is { State: AlertState.Firing, EndsAt: not null } && pair.Value.EndsAt <= now)
                .OrderBy(pair => pair.Value.EndsAt).ThenBy(pair => pair.Key.Fingerprint()).ToList();
            foreach (var (labels, posted) in ended)
            {
                var alert = posted.Alert with { State = AlertState.Resolved, EndsAt = posted.EndsAt, UpdatedAt = now };
                // Where there is no room, it stays firing here and its turn comes again.
                if (sink.TryPost(alert))
                    _known[labels] = posted with { Alert = alert };
            }

            foreach (var old in _known.Where(pair => pair.Value.EndsAt < now - options.Remember).Select(pair => pair.Key).ToList())
                _known.Remove(old);
        }
    }

    private static JsonElement? AlertsOfWebhook(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
        && root.TryGetProperty("version", out var version) && version.ValueKind == JsonValueKind.String && version.GetString() == "4"
        && root.TryGetProperty("alerts", out var alerts) && alerts.ValueKind == JsonValueKind.Array ? alerts : null;

    private PushOutcome Take(
        ReadOnlyMemory<byte> json, Func<JsonElement, JsonElement?> listOf, string shape,
        Func<JsonElement, string, (PostedAlert? Alert, string Error)> read)
    {
        try
        {
            using var document = JsonText.Parse(json);
            return listOf(document.RootElement) is { } list ? Take(list, read) : Refuse(shape);
        }
        catch (JsonException fault)
        {
            return Refuse($"the body is not JSON: {fault.Message}");
        }
    }

    private PushOutcome Take(JsonElement list, Func<JsonElement, string, (PostedAlert? Alert, string Error)> read)
    {
        var errors = new List<string>();
        int index = 0, accepted = 0, refused = 0, crowded = 0;
        foreach (var element in list.EnumerateArray())
        {
            var (posted, error) = read(element, $"alerts[{index++}]");
            if (posted is null)
            {
                refused++;
                if (errors.Count < ErrorsKept)
                    errors.Add(error);
                continue;
            }

            if (TryPost(posted))
                accepted++;
            else
                crowded++;
        }

        if (crowded > 0)
            return Crowded(accepted, crowded);
        if (refused == 0)
            return new PushOutcome(200, accepted, "");
        if (refused > errors.Count)
            errors.Add($"and {refused - errors.Count} more");
        CollectorsMetrics.Refused(Door, "alert", refused);
        var joined = string.Join("; ", errors);
        CollectorsLog.PushRefused(_log, Door, joined);
        return new PushOutcome(400, accepted, joined);
    }

    private bool TryPost(PostedAlert posted)
    {
        lock (_gate)
        {
            var labels = posted.Alert.Labels;
            var merged = _known.TryGetValue(labels, out var before) ? AlertMerge.Merge(before, posted) : posted;
            if (!sink.TryPost(merged.Alert))
                return false;
            if (before is not null || _known.Count < options.AlertLimit)
                _known[labels] = merged;
            else
                CollectorsMetrics.Refused(Door, "not_remembered");
            CollectorsMetrics.Events(Door);
            return true;
        }
    }

    // 503 makes the sender repeat the whole body; what was taken already is merged then.
    private PushOutcome Crowded(int accepted, int crowded)
    {
        CollectorsMetrics.Refused(Door, "crowded", crowded);
        var error = $"the pipeline has no room for {crowded} of the alerts; send the body again";
        CollectorsLog.PushRefused(_log, Door, error);
        return new PushOutcome(503, accepted, error);
    }

    private PushOutcome Refuse(string error)
    {
        CollectorsMetrics.Refused(Door, "body");
        CollectorsLog.PushRefused(_log, Door, error);
        return new PushOutcome(400, 0, error);
    }
}
