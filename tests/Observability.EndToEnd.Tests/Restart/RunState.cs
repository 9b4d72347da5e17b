using System.Text.Json;
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

    /// <summary>Every alert that fired, once.</summary>
    public IReadOnlySet<string> Alerts => Records.Select(record => record.Entry).OfType<AlertChanged>()
        .Where(changed => changed.Transition.Kind == AlertTransitionKind.Fired)
        .Select(changed => JsonSerializer.Serialize(changed.Transition.Alert.Labels)).ToHashSet(StringComparer.Ordinal);

    /// <summary>Steps that were done, by execution and step.</summary>
    public IEnumerable<(string Execution, string Action, string Target)> Done => Records.Select(record => record.Entry).OfType<StepCompleted>()
        .Where(completed => completed.Outcome.Result == StepResult.Succeeded)
        .Select(completed => (completed.Outcome.Intent.ExecutionId, completed.Outcome.Intent.Action, completed.Outcome.Intent.Target.ToString()));

    /// <summary>Cordons and releases the cluster took, in order: node and whether it was cordoned.</summary>
    public IEnumerable<string> Cordons => Writes
        .Where(write => write["path"]!.GetValue<string>().StartsWith("/api/v1/nodes/", StringComparison.Ordinal))
        .Select(write => $"{write["method"]} {write["path"]} {write["body"]}");
}
