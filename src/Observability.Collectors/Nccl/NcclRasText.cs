using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// The text that NCCL's RAS answers by default. Only its errors and warnings name ranks; the tables are passed over.
/// <code>
/// #0-0 (27a079b828ff1a75) MISMATCH
///   Communicator ranks have different collective operation counts
///   26 ranks have launched up to operation 6650
///   6 ranks have launched up to operation 6649
///   Rank 0 -- GPU 0 managed by process 483072 on node 172.16.64.210
/// INCOMPLETE
///   Missing communicator data from 1 job process
///   Process 3487984 on node 172.16.64.213 managing GPU 5
/// #0-0 (cf264af53edbe986) INCOMPLETE
///   The missing rank: 21
/// DEAD
///   Process 3487984 on node 172.16.64.213 managing GPU 5
/// </code>
/// </summary>
internal sealed partial class NcclRasText(string job, Action<TelemetryEvent> take)
{
    private string _heading = "";
    private string _communicator = "";
    private string _about = "";

    /// <summary>True where a text has RAS's own headings.</summary>
    public static bool Recognises(string head) =>
        head.Contains("Job summary\n===", StringComparison.Ordinal) || head.Contains("RAS Monitor Mode", StringComparison.Ordinal)
        || head.Contains("Communicators... (", StringComparison.Ordinal);

    /// <summary>Reads one line; true where it named a rank or a process.</summary>
    public bool Read(string line, DateTimeOffset now)
    {
        if (Heading().Match(line) is { Success: true } heading)
        {
            _heading = heading.Groups["what"].Value;
            _communicator = heading.Groups["hash"].Value;
            _about = "";
            return false;
        }

        if (Group().Match(line) is { Success: true } group)
        {
            // Every group but the largest is listed rank by rank.
            _about = group.Groups["what"].Value;
            return false;
        }

        if (_heading == "MISMATCH" && Rank().Match(line) is { Success: true } rank)
            return Publish(_about.StartsWith("status", StringComparison.Ordinal) ? "nccl:ras_other_status" : "nccl:ras_behind", rank, line, now);
        if (_heading is "INCOMPLETE" && Missing().Match(line) is { Success: true } missing)
        {
            foreach (var number in missing.Groups["ranks"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(4_096))
                take(Event("nccl:ras_missing_rank", number, ("", ""), line, now));
            return true;
        }

        if (_heading is "INCOMPLETE" or "DEAD" && Process().Match(line) is { Success: true } process)
            return Publish(_heading == "DEAD" ? "nccl:ras_peer_dead" : "nccl:ras_missing_process", process, line, now);
        return false;
    }

    private bool Publish(string code, Match match, string line, DateTimeOffset now)
    {
        take(Event(code, match.Groups["rank"].Value, (match.Groups["node"].Value, match.Groups["gpu"].Value), line, now));
        return true;
    }

    private TelemetryEvent Event(string code, string rank, (string Node, string Gpu) where, string line, DateTimeOffset now) => new()
    {
        At = now,
        Source = EventSource.Nccl,
        Code = code,
        Raw = line,
        Severity = EventSeverity.Application,
        Labels = LabelSet.Of(("job_name", job), ("rank", rank), ("node", where.Node), ("gpu", where.Gpu)),
        Fields = LabelSet.Of(("communicator", _communicator), ("state", _about)),
        DedupeKey = $"{code}|{job}|{rank}|{where.Node}|{where.Gpu}|{_communicator}",
    };

    [GeneratedRegex(@"^(?:#\S+ \((?<hash>[0-9a-f]+)\) )?(?<what>MISMATCH|INCOMPLETE|DEAD|TIMEOUT)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\s+\d+ ranks? ha(?:s|ve) (?<what>launched up to operation \d+|status \w+)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Group();

    [GeneratedRegex(@"^\s+Rank (?<rank>\d{1,7}) -- GPU (?<gpu>\d+) managed by process (?<pid>\d+) on node (?<node>\S+)", RegexOptions.CultureInvariant)]
    private static partial Regex Rank();

    [GeneratedRegex(@"^\s+The missing ranks?: (?<ranks>[\d, ]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Missing();

    [GeneratedRegex(@"^\s+Process (?<pid>\d+) on node (?<node>\S+) managing GPU (?<gpu>\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Process();
}
