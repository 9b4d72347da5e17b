using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Observability.Collectors;

/// <summary>
/// Takes OTLP log records and gives their bodies to the readers of kernel and training logs. The resource says whose they are:
/// <c>host.name</c>, <c>k8s.node.name</c> or <c>node</c> the node, <c>job_name</c> or <c>nemo.run.id</c> the job. A record that names
/// neither is rejected, because nobody could be told where it happened. Events that an agent forwards are taken as they are.
/// </summary>
/// <param name="events">Where findings go.</param>
/// <param name="samples">Where progress lines go; null where the jobs send OTLP metrics.</param>
/// <param name="options">Limits of the door.</param>
/// <param name="tail">How lines are read: folding, staleness.</param>
/// <param name="outside">Clock and logs.</param>
public sealed class OtlpLogReceiver(IEventSink events, ISampleSink? samples, OtlpOptions options, TailOptions tail, Outside outside) : IOtlpDoor
{
    private const string Door = "otlp_logs";
    private const int OwnerLimit = 50_000;

    private readonly ILogger _log = outside.Logs.CreateLogger("Observability.Collectors.Otlp");
    private readonly Dictionary<string, KernelLogReader> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TrainingLogReader> _jobs = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public OtlpSignal Signal => OtlpSignal.Logs;

    /// <inheritdoc/>
    public long BodyLimitBytes => options.BodyLimitBytes;

    /// <inheritdoc/>
    public OtlpOutcome Receive(ReadOnlyMemory<byte> body, OtlpEncoding encoding)
    {
        List<OtlpLogRecord>? records;
        try
        {
            records = encoding == OtlpEncoding.Json ? OtlpTraceJson.ReadRecords(body) : OtlpLogProtobuf.Read(body.Span);
        }
        catch (JsonException fault)
        {
            return Refuse($"the body is not JSON: {fault.Message}");
        }

        if (records is null)
            return Refuse(encoding == OtlpEncoding.Json ? "the body has no list resourceLogs" : "the body is not an ExportLogsServiceRequest");
        long rejected;
        lock (_gate)
            rejected = Take(records, outside.Time.GetUtcNow());
        if (rejected == 0)
            return new OtlpOutcome(200, records.Count, 0, "");
        const string message = "records without an owner: set the resource attribute host.name or job_name";
        CollectorsMetrics.Refused(Door, "owner", rejected);
        CollectorsLog.PushRefused(_log, Door, message);
        return new OtlpOutcome(200, records.Count - rejected, rejected, message);
    }

    private long Take(List<OtlpLogRecord> records, DateTimeOffset now)
    {
        long rejected = 0;
        foreach (var record in records)
        {
            // What an agent has read already; it waited as long as the platform was away, so it is never stale.
            if (EventRecords.Read(record) is { } known)
            {
                CollectorsMetrics.Events(Door);
                events.Publish(known.At > now ? known with { At = now } : known);
                continue;
            }

            var node = OtlpOwner.Node(record.Attributes, record.Resource);
            var job = OtlpOwner.Job(record.Attributes, record.Resource);
            if (node.Length == 0 && job.Length == 0)
            {
                rejected++;
                continue;
            }

            if (EventClock.Settle(TimeOf(record), now, tail, Door) is { } at)
                Read(record, (node, job), at);
            else
                CollectorsMetrics.Refused(Door, "stale");
        }

        return rejected;
    }

    private void Read(OtlpLogRecord record, (string Node, string Job) owner, DateTimeOffset at)
    {
        foreach (var line in record.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > tail.LineBytes)
                CollectorsMetrics.Refused(Door, "long_line");
            else if (owner.Node.Length == 0 || !Reader(_nodes, owner.Node, node => new KernelLogReader(node, events, tail)).Read(line, at))
            {
                if (owner.Job.Length > 0)
                    Reader(_jobs, owner.Job, job => new TrainingLogReader(new LogSource(LogKind.Training, "otlp:" + job, job), events, samples, tail))
                        .Read(new TailRead(null, [line]), at);
            }
        }
    }

    // What a reader remembers (addresses of GPUs, repeats) is lost where more owners send than the limit; that is counted.
    private static T Reader<T>(Dictionary<string, T> readers, string owner, Func<string, T> make)
    {
        if (readers.TryGetValue(owner, out var reader))
            return reader;
        if (readers.Count >= OwnerLimit)
        {
            CollectorsMetrics.Refused(Door, "owners_forgotten", readers.Count);
            readers.Clear();
        }

        return readers[owner] = make(owner);
    }

    private static DateTimeOffset? TimeOf(OtlpLogRecord record)
    {
        var nano = record.TimeUnixNano > 0 ? record.TimeUnixNano : record.ObservedUnixNano;
        return nano > 0 ? DateTimeOffset.FromUnixTimeMilliseconds((long)(nano / 1_000_000)) : null;
    }

    private OtlpOutcome Refuse(string message)
    {
        CollectorsMetrics.Refused(Door, "body");
        CollectorsLog.PushRefused(_log, Door, message);
        return new OtlpOutcome(400, 0, 0, message);
    }
}
