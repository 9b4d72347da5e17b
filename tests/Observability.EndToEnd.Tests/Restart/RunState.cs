using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Model;
using Observability.Storage;

namespace Observability.EndToEnd.Tests;

/// <summary>What a demo left behind in its state folder: the journal, and the cluster's record of writes.</summary>
internal sealed record RunState(IReadOnlyList<JournalRecord> Records, IReadOnlyList<JournalDamage> Damages, IReadOnlyList<JsonNode> Writes)
{
    public static async Task<RunState> ReadAsync(string folder)
    {
        var reader = new JournalReader(Path.Combine(folder, "journal.db"), new JournalOptions(), NullLogger.Instance);
        var records = new List<JournalRecord>();
        await foreach (var record in reader.ReadAsync(0, CancellationToken.None))
            records.Add(record);
        var lines = await File.ReadAllLinesAsync(Path.Combine(folder, "fleet.jsonl"));
        return new RunState(records, reader.Damages, [.. lines.Select(line => JsonNode.Parse(line)!["write"]).OfType<JsonNode>()]);
    }

    /// <summary>Every alert that fired, by all its labels.</summary>
    public IReadOnlySet<string> Alerts => Records.Select(record => record.Entry).OfType<AlertChanged>()
        .Where(changed => changed.Transition.Kind == AlertTransitionKind.Fired)
        .Select(changed => changed.Transition.Alert.Labels.ToString()).ToHashSet(StringComparer.Ordinal);

    /// <summary>The last state of every incident: its number and title.</summary>
    public IReadOnlySet<string> Incidents => Records.Select(record => record.Entry).OfType<IncidentChanged>()
        .Select(changed => changed.Change.Incident).GroupBy(incident => incident.Id).Select(states => states.Last())
        .Select(incident => $"{incident.Id} {incident.Title}").ToHashSet(StringComparer.Ordinal);

    /// <summary>Identities of the operations that succeeded; each should be there once.</summary>
    public IReadOnlyList<string> Done => [.. Records.Select(record => record.Entry).OfType<StepCompleted>()
        .Where(completed => completed.Outcome.Result == StepResult.Succeeded).Select(completed => completed.Outcome.Intent.OperationId)];

    /// <summary>
    /// Writes that the cluster took, without the version they were based on: doing something twice gives the same text twice.
    /// </summary>
    public IReadOnlyList<string> NodeWrites => [.. Writes.Select(write =>
    {
        var body = Body(write);
        (body["metadata"] as JsonObject)?.Remove("resourceVersion");
        return $"{write["method"]} {write["path"]} {body.ToJsonString()}";
    })];

    /// <summary>Nodes taken out of scheduling and given back, in order.</summary>
    public IReadOnlyList<string> Cordons => [.. Writes.Where(write => Body(write)["spec"] is JsonObject spec && spec.ContainsKey("unschedulable"))
        .Select(write => $"{write["path"]} {(Body(write)["spec"]!["unschedulable"]?.GetValue<bool>() == true ? "cordoned" : "released")}")];

    private static JsonObject Body(JsonNode write) => write["body"]!.GetValue<string>() is { Length: > 0 } text ? JsonNode.Parse(text)!.AsObject() : [];
}
