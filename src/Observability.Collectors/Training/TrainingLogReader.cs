using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>Reads a job's log for what metrics do not say: watchdog time-outs, exceptions of the process group, tracebacks.</summary>
public sealed partial class TrainingLogReader(string job, IEventSink sink)
{
    /// <summary>Lines read.</summary>
    public long Lines { get; private set; }

    /// <summary>Reads a line.</summary>
    public void Read(string line, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(line);
        Lines++;
        if (Watchdog().Match(line) is { Success: true } watchdog)
            Publish("nccl:watchdog_timeout", EventSource.Nccl, line, now, LabelSet.Of(("rank", watchdog.Groups["rank"].Value)),
                LabelSet.Of(("operation", watchdog.Groups["op"].Value), ("sequence", watchdog.Groups["seq"].Value), ("ran_ms", watchdog.Groups["ran"].Value)));
        else if (RemoteError().Match(line) is { Success: true } remote)
            Publish("nccl:ib_error", EventSource.Nccl, line, now, LabelSet.Empty, LabelSet.Of(("peer", remote.Groups["peer"].Value), ("error", remote.Groups["err"].Value)));
        else if (line.StartsWith("Traceback (most recent call last)", StringComparison.Ordinal))
            Publish("train:traceback", EventSource.Training, line, now, LabelSet.Empty, LabelSet.Empty);
    }

    private void Publish(string code, EventSource source, string line, DateTimeOffset now, LabelSet labels, LabelSet fields)
    {
        CollectorsMetrics.Events.Add(1, new KeyValuePair<string, object?>("source", "training_log"));
        sink.Publish(new TelemetryEvent
        {
            At = now,
            Source = source,
            Code = code,
            Raw = line.Length > 4_096 ? line[..4_096] : line,
            Labels = labels.With("job_name", job),
            Fields = fields,
            DedupeKey = $"{code}/{job}/{labels}",
        });
    }

    [GeneratedRegex(@"\[Rank (?<rank>\d+)\] Watchdog caught collective operation timeout: WorkNCCL\(SeqNum=(?<seq>\d+), OpType=(?<op>\w+), NumelIn=(?<nin>\d+), NumelOut=(?<nout>\d+), Timeout\(ms\)=(?<to>\d+)\) ran for (?<ran>\d+) milliseconds")]
    private static partial Regex Watchdog();

    [GeneratedRegex(@"NCCL WARN NET/IB : Got completion from peer (?<peer>\S+) with error (?<err>\d+), opcode (?<op>\d+), len\s+(?<len>\d+), vendor err (?<v>\d+)")]
    private static partial Regex RemoteError();
}
