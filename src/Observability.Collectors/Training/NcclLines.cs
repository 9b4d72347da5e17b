using System.Globalization;
using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// What PyTorch's process group and NCCL say when a collective does not end. The ranks that complain are usually victims.
/// <code>
/// [rank1]:[E1003 18:37:01.832146912 ProcessGroupNCCL.cpp:607] [Rank 1] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=6463, OpType=ALLREDUCE, NumelIn=1, NumelOut=1, Timeout(ms)=1800000) ran for 1800017 milliseconds before timing out.
/// [rank1]:[E1003 …] [PG 0 (default_pg) Rank 1] Exception (either an error or timeout) detected by watchdog at work: 6463, last enqueued NCCL work: 6463, last completed NCCL work: 6462.
/// node-2:5776:5902 [0] transport/net_ib.cc:1296 NCCL WARN NET/IB : Got completion from peer 10.2.0.5&lt;33092&gt; with error 12, opcode 0, len 0, vendor err 129 (Recv)
/// </code>
/// </summary>
internal static partial class NcclLines
{
    /// <summary>Code, rank and fields of a line; null where it is none of these.</summary>
    public static (string Code, string Rank, LabelSet Fields)? Read(string line)
    {
        if (Timeout().Match(line) is { Success: true } timeout)
        {
            return ("nccl:watchdog_timeout", timeout.Groups["rank"].Value, LabelSet.Of(
                ("sequence", timeout.Groups["seq"].Value), ("operation", timeout.Groups["op"].Value),
                ("timeout_ms", timeout.Groups["to"].Value), ("ran_ms", timeout.Groups["ran"].Value)));
        }

        if (Failure().Match(line) is { Success: true } failure)
        {
            return ("nccl:watchdog_exception", failure.Groups["rank"].Value, LabelSet.Of(
                ("sequence", failure.Groups["at"].Value), ("last_enqueued", failure.Groups["enq"].Value),
                ("last_completed", failure.Groups["done"].Value), ("process_group", failure.Groups["pg"].Value)));
        }

        if (Desync().Match(line) is { Success: true } desync)
        {
            return ("nccl:desync", desync.Groups["rank"].Value, LabelSet.Of(
                ("sequence", desync.Groups["missed"].Value), ("last_completed", desync.Groups["done"].Value)));
        }

        if (PeerDead().Match(line) is { Success: true } dead)
        {
            return ("nccl:ras_peer_dead", "", LabelSet.Of(
                ("pid", dead.Groups["pid"].Value), ("peer", dead.Groups["host"].Value), ("gpu", dead.Groups["gpu"].Value)));
        }

        if (Completion().Match(line) is not { Success: true } ib)
            return null;
        return ("nccl:remote_error", "", LabelSet.Of(
            ("peer", ib.Groups["peer"].Value), ("error", ib.Groups["err"].Value), ("vendor_error", ib.Groups["v"].Value)));
    }

    /// <summary>The time in glog's prefix, <c>E1003 18:37:01.832146912</c>, which has no year; null where there is none.</summary>
    public static DateTimeOffset? TimeOf(string line, DateTimeOffset now, TimeSpan zone)
    {
        if (Glog().Match(line) is not { Success: true } glog
            || !DateTimeOffset.TryParseExact(
                $"2024{glog.Groups["day"].Value} {glog.Groups["time"].Value}", "yyyyMMdd HH:mm:ss", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var at))
        {
            return null;
        }

        return new KernelLine("") { At = at, LacksYear = true, LacksZone = true }.TimeAt(null, now, zone);
    }

    [GeneratedRegex(@"\[Rank (?<rank>\d+)\] Watchdog caught collective operation timeout: WorkNCCL\(SeqNum=(?<seq>\d+), OpType=(?<op>\w+), NumelIn=(?<nin>\d+), NumelOut=(?<nout>\d+), Timeout\(ms\)=(?<to>\d+)\) ran for (?<ran>\d+) milliseconds", RegexOptions.CultureInvariant)]
    private static partial Regex Timeout();

    [GeneratedRegex(@"\[PG (?<pg>\S+) \((?<desc>[^)]*)\) Rank (?<rank>\d+)\] Exception \(either an error or timeout\) detected by watchdog at work: (?<at>\d+), last enqueued NCCL work: (?<enq>\d+), last completed NCCL work: (?<done>\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Failure();

    [GeneratedRegex(@"NCCL WARN NET/IB : Got completion from peer (?<peer>\S+) with error (?<err>\d+)(?:, opcode (?<op>\d+)(?:, len(?:\s+(?<len>\d+)(?:, vendor err (?<v>\d+))?)?)?)?", RegexOptions.CultureInvariant)]
    private static partial Regex Completion();

    // "     [1] finished collective #2, but didn't join collective #3 (count from 1)": here the rank is the culprit.
    [GeneratedRegex(@"\[(?<rank>\d+)\] finished collective #(?<done>\d+), but didn't join collective #(?<missed>\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Desync();

    // " [2025-12-19 13:07:07] PEER_DEAD: Process 1524345 on node 172.16.64.245 managing GPU 1" of NCCL's RAS in monitor mode.
    [GeneratedRegex(@"\bPEER_DEAD: Process (?<pid>\d+) on node (?<host>\S+) managing GPU (?<gpu>\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex PeerDead();

    [GeneratedRegex(@"\[[EWIF](?<day>\d{4}) (?<time>\d\d:\d\d:\d\d)\.", RegexOptions.CultureInvariant)]
    private static partial Regex Glog();
}
