using System.Globalization;
using System.Text.Json;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// What NCCL's RAS answers with <c>SET FORMAT json</c>: its status, or one event of monitor mode.
/// <code>
/// {"timestamp":"2025-12-19 13:06:53","communicators":[{"hash":"0xae94423cfbb2ef4a","size":2,"ranks":[{"rank":0,"collective_counts":{"AllReduce":7}}],
///   "missing_ranks":[{"rank":1,"host":"172.16.64.245","pid":1524345,"nvml_dev":1,"status":{"unresponsive":true,"considered_dead":false}}]}]}
/// {"timestamp":"2025-12-19 13:07:07","group":"LIFECYCLE","event":"PEER_DEAD","peer":{"host":"172.16.64.245","pid":1524345,"nvml_devs":[1]},"details":""}
/// </code>
/// </summary>
internal static class NcclRas
{

    /// <summary>True where a value is a status or an event.</summary>
    public static bool Recognises(JsonElement value) =>
        value.Get("communicators").ValueKind == JsonValueKind.Array || (value.Get("event").ValueKind == JsonValueKind.String && value.Get("peer").ValueKind == JsonValueKind.Object);

    /// <summary>One event for each rank that is missing, behind with its collectives, or dead.</summary>
    public static IEnumerable<TelemetryEvent> Events(JsonElement value, string job, DateTimeOffset now)
    {
        var at = DateTimeOffset.TryParseExact(
            value.Text("timestamp"), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var stated) ? stated : now;
        if (value.Get("peer") is { ValueKind: JsonValueKind.Object } peer)
        {
            var gpu = peer.Items("nvml_devs").Select(device => device.ToString()).FirstOrDefault("");
#pragma warning disable CA1308 // codes are written in lower case
            yield return Event("nccl:ras_" + value.Text("event").ToLowerInvariant(), (job, at), ("", peer.Text("host"), gpu), value, LabelSet.Of(("pid", peer.Text("pid"))));
#pragma warning restore CA1308
            yield break;
        }

        foreach (var communicator in value.Items("communicators"))
        {
            var hash = communicator.Text("hash");
            foreach (var missing in communicator.Items("missing_ranks"))
            {
                var status = missing.Get("status");
                yield return Event("nccl:ras_missing_rank", (job, at), (missing.Text("rank"), missing.Text("host"), missing.Text("nvml_dev")), missing, LabelSet.Of(
                    ("communicator", hash), ("pid", missing.Text("pid")), ("unresponsive", status.Text("unresponsive")), ("considered_dead", status.Text("considered_dead"))));
            }

            foreach (var (rank, count, most) in Behind(communicator))
            {
                yield return Event("nccl:ras_behind", (job, at), (rank.Text("rank"), rank.Text("host"), rank.Text("nvml_dev")), rank, LabelSet.Of(
                    ("communicator", hash), ("pid", rank.Text("pid")), ("operations", $"{count:0}"), ("most_operations", $"{most:0}")));
            }
        }
    }

    // The ranks of a communicator call the same collectives: who has called fewer is who the others wait for.
    private static IEnumerable<(JsonElement Rank, double Count, double Most)> Behind(JsonElement communicator)
    {
        var counts = communicator.Items("ranks")
            .Where(rank => rank.Get("collective_counts").ValueKind == JsonValueKind.Object)
            .Select(rank => (Rank: rank, Count: rank.Get("collective_counts").EnumerateObject().Sum(kind => rank.Get("collective_counts").Number(kind.Name) ?? 0)))
            .ToList();
        if (counts.Count < 2)
            return [];
        var most = counts.Max(rank => rank.Count);
        return counts.Where(rank => rank.Count < most).Select(rank => (rank.Rank, rank.Count, most));
    }

    private static TelemetryEvent Event(string code, (string Job, DateTimeOffset At) of, (string Rank, string Node, string Gpu) where, JsonElement raw, LabelSet fields)
    {
        var text = raw.GetRawText();
        return new TelemetryEvent
        {
            At = of.At,
            Source = EventSource.Nccl,
            Code = code,
            Raw = text,
            Severity = EventSeverity.Application,
            Labels = LabelSet.Of(("job_name", of.Job), ("rank", where.Rank), ("node", where.Node), ("gpu", where.Gpu)),
            Fields = fields,
            DedupeKey = $"{code}|{of.Job}|{where.Rank}|{where.Node}|{where.Gpu}|{fields["communicator"]}",
        };
    }
}
