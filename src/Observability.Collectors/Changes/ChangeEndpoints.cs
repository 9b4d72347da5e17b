using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Announcements: <c>POST /api/changes</c> with <c>[{"kind":"maintenance_start","at":"…","labels":{"node":"node-003"},"text":"…"}]</c>.
/// </summary>
public static class ChangeEndpoints
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Maps the door.</summary>
    public static void MapChanges(this IEndpointRouteBuilder app, IEventSink sink, TimeProvider clock) =>
        app.MapPost("/api/changes", http => TakeAsync(http, sink, clock)).WithTags("changes");

    private static async Task TakeAsync(HttpContext http, IEventSink sink, TimeProvider clock)
    {
        var faults = new List<string>();
        try
        {
            var body = await BoundedBody.ReadAsync(http.Request.Body, 1024 * 1024, http.RequestAborted);
            var changes = JsonSerializer.Deserialize<List<Change>>(body, Json) ?? [];
            foreach (var (change, index) in changes.Select((change, index) => (change, index)))
            {
                if (string.IsNullOrEmpty(change.Kind))
                    faults.Add($"change {index}: kind is missing; write for example maintenance_start");
                else
                    Publish(change, sink, clock.GetUtcNow());
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidDataException)
        {
            faults.Add($"the body is not a list of changes: {fault.Message}");
        }

        if (faults.Count == 0)
            return;
        CollectorsMetrics.Refuse("changes", "invalid_change", faults.Count);
        http.Response.StatusCode = 400;
        await http.Response.WriteAsJsonAsync(new { error = string.Join("; ", faults) });
    }

    private static void Publish(Change change, IEventSink sink, DateTimeOffset now)
    {
        var labels = LabelSet.From(change.Labels ?? []);
        CollectorsMetrics.Events.Add(1, new KeyValuePair<string, object?>("source", "change"));
        sink.Publish(new TelemetryEvent
        {
            At = change.At ?? now,
            Source = EventSource.Change,
            Code = $"change:{change.Kind}",
            Raw = change.Text ?? "",
            Labels = labels,
            Fields = LabelSet.Of(("message", change.Text ?? "")),
            DedupeKey = $"change:{change.Kind}/{labels}/{change.At:O}",
        });
    }

    private sealed record Change(string? Kind, DateTimeOffset? At, Dictionary<string, string>? Labels, string? Text);
}
