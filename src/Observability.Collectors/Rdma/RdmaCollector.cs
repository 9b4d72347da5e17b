using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads <c>/sys/class/infiniband</c> of this node, for nodes without node_exporter, and tells of what changes between two reads.
/// <c>up{job="rdma"}</c> says whether the tree can be read.
/// </summary>
public sealed class RdmaCollector
{
    private const string Job = "rdma";
    private const int FileLimit = 100_000;
    private const int FileBytes = 4_096;

    private readonly RdmaOptions _options;
    private readonly ISampleSink _samples;
    private readonly ITopologySink? _topology;
    private readonly RdmaChanges _changes;
    private readonly ILogger _log;
    private readonly LiveSeries _live = new();
    private TopologyChange? _shape;
    private DateTimeOffset? _next;
    private bool _failing;

    /// <summary>A collector of one node; <paramref name="topology"/> is null where a file tells the fleet's shape.</summary>
    public RdmaCollector(RdmaOptions options, ISampleSink samples, IEventSink events, ITopologySink? topology, Outside outside)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(outside);
        (_options, _samples, _topology) = (options, samples, topology);
        _changes = new RdmaChanges(options.Node, events);
        _log = outside.Logs.CreateLogger("Observability.Collectors.Rdma");
    }

    /// <summary>Reads the tree if its turn has come.</summary>
    public void RunDue(DateTimeOffset now)
    {
        if (_options.Root.Length == 0 || (_next is { } due && now < due))
            return;
        _next = now + _options.Interval;
        var error = "";
        var devices = new SortedDictionary<string, RdmaDevice>(StringComparer.Ordinal);
        try
        {
            devices = RdmaReader.Read(Files());
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            error = fault.Message;
        }

        var samples = new RdmaSamples(_options.Node, now);
        samples.Add(devices.Values);
        Append(samples.Samples, error.Length == 0, now);
        if (error.Length == 0)
            _changes.See(devices, now);
        if (devices.Count > 0)
            Learn(samples.Topology);
        Note(error);
    }

    private void Append(IReadOnlyList<SeriesSample> samples, bool good, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        var all = _live.See(samples, now, out var isNew);
        all.Add(new SeriesSample(
            LabelSet.Of(("__name__", "up"), ("job", Job), ("node", _options.Node), ("instance", _options.Node)), new Sample(at, good ? 1 : 0)));
        CollectorsMetrics.Samples(Job, samples.Count);
        _samples.Append(new SampleBatch(Job, now, all) { BringsNewSeries = isNew });
    }

    // An adapter that is no longer listed is a fault, not a change of shape: nothing is removed here.
    private void Learn(TopologyChange seen)
    {
        if (_topology is null || (_shape is { } known && known.Entities.SequenceEqual(seen.Entities)))
            return;
        _shape = seen;
        _topology.Apply(seen);
    }

    private void Note(string error)
    {
        CollectorsMetrics.Reads(Job, error.Length == 0);
        if (error.Length > 0 && !_failing)
            CollectorsLog.CommandFailed(_log, _options.Root, error);
        else if (error.Length == 0 && _failing)
            CollectorsLog.CommandAnswers(_log, _options.Root);
        _failing = error.Length > 0;
    }

    // Devices are links into /sys/devices; each file holds one value.
    private IEnumerable<KeyValuePair<string, string>> Files()
    {
        var count = 0;
        foreach (var device in Directory.EnumerateDirectories(_options.Root).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(device);
            if (_options.Exclude.Contains(name))
                continue;
            string[] own = ["fw_ver", "board_id", "hca_type", "node_guid"];
            var ports = Path.Combine(device, "ports");
            var files = own.Select(file => Path.Combine(device, file)).Where(File.Exists);
            foreach (var port in Directory.Exists(ports) ? Directory.EnumerateDirectories(ports) : [])
            {
                files = files.Concat(((string[])["state", "phys_state", "rate", "link_layer"]).Select(file => Path.Combine(port, file)).Where(File.Exists));
                foreach (var folder in (string[])["counters", "hw_counters", "counters_ext"])
                {
                    var counters = Path.Combine(port, folder);
                    if (Directory.Exists(counters))
                        files = files.Concat(Directory.EnumerateFiles(counters));
                }
            }

            foreach (var file in files)
            {
                if (++count > FileLimit)
                    yield break;
                if (Text(file) is { } text)
                    yield return new(Path.GetRelativePath(_options.Root, file).Replace('\\', '/'), text);
            }
        }
    }

    // A counter that the firmware does not give answers with an I/O error: it alone is unknown.
    private static string? Text(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
            var bytes = new byte[FileBytes];
            return System.Text.Encoding.UTF8.GetString(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            CollectorsMetrics.Unknown(Job, 1);
            return null;
        }
    }
}
