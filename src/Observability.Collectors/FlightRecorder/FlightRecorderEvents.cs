using System.Globalization;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>A verdict as events <c>nccl:flight_recorder</c>, one for each culprit rank; none for a healthy run.</summary>
internal static class FlightRecorderEvents
{

    public static IEnumerable<TelemetryEvent> Of(string job, FlightRecorderVerdict verdict, DateTimeOffset at)
    {
        var ranks = string.Join(',', verdict.Ranks);
        foreach (var rank in verdict.Ranks)
        {
            var finding = verdict.Findings.First(finding => finding.Rank == rank);
            var evidence = string.Join('\n', verdict.Findings.Where(finding => finding.Rank == rank).Select(finding => finding.Evidence));
            yield return new TelemetryEvent
            {
                At = at,
                Source = EventSource.Nccl,
                Code = "nccl:flight_recorder",
                Raw = evidence,
                Severity = EventSeverity.Application,
                Labels = LabelSet.Of(("job_name", job), ("rank", rank.ToString(CultureInfo.InvariantCulture))),
                Fields = LabelSet.Of(
                    ("kind", Word(finding.Kind)), ("process_group", finding.ProcessGroup),
                    ("sequence", finding.Sequence.ToString(CultureInfo.InvariantCulture)), ("ranks", ranks)),
                DedupeKey = $"nccl:flight_recorder|{job}|{rank}|{finding.ProcessGroup}|{finding.Sequence}",
            };
        }
    }

    /// <summary>When the last recorded operation was enqueued; null where no dump holds a time.</summary>
    public static DateTimeOffset? TimeOf(IReadOnlyList<FlightRecorderDump> dumps)
    {
        var newest = dumps.SelectMany(dump => dump.Entries).Select(entry => entry.CreatedNanoseconds).DefaultIfEmpty(0).Max();
        return newest > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(newest / 1_000_000) : null;
    }

    private static string Word(FlightRecorderKind kind) =>
        string.Concat(kind.ToString().Select((letter, at) => char.IsUpper(letter) ? (at > 0 ? "_" : "") + char.ToLowerInvariant(letter) : letter.ToString()));
}
