using System.Globalization;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>Turns one node's kernel lines into events: maps PCI addresses to UUIDs, sets times, drops echoes.</summary>
public sealed class KernelLogReader(string node, IEventSink sink)
{
    // The same GPU and code within 5 s is one event (coalescing window of the Delta study).
    private static readonly TimeSpan Coalescing = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, string> _uuids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _lastByKey = new(StringComparer.Ordinal);

    /// <summary>Lines read.</summary>
    public long Lines { get; private set; }

    /// <summary>Events handed on.</summary>
    public long Events { get; private set; }

    /// <summary>Reads a line.</summary>
    /// <param name="line">As it stands in the log.</param>
    /// <param name="boot">Identity and time of the boot it belongs to; the time is null where it is unknown.</param>
    /// <param name="now">The platform's clock.</param>
    public void Read(string line, (string Id, DateTimeOffset? At) boot, DateTimeOffset now)
    {
        Lines++;
        if (KernelLineParser.Parse(line) is not { } finding)
            return;
        var pci = Short(finding.Labels["pci_bus_id"]);
        if (finding.Code == "gpu:map")
        {
            _uuids[pci] = finding.Labels["UUID"];
            return;
        }

        var at = TimeOf(line, boot.At, now);
        var labels = finding.Labels.With("node", node);
        if (pci.Length > 0 && _uuids.TryGetValue(pci, out var uuid))
            labels = labels.With("UUID", uuid);
        var key = $"{finding.Code}/{labels}";
        if (_lastByKey.TryGetValue(key, out var last) && at - last < Coalescing && at >= last)
            return;
        if (_lastByKey.Count > 10_000)
            _lastByKey.Clear();
        _lastByKey[key] = at;
        Events++;
        CollectorsMetrics.Events.Add(1, new KeyValuePair<string, object?>("source", "kernel_log"));
        sink.Publish(new TelemetryEvent
        {
            At = at,
            Source = finding.Source,
            Code = finding.Code,
            Raw = finding.Raw,
            Labels = labels,
            Fields = finding.Fields,
            BootId = boot.Id,
            DedupeKey = key,
        });
    }

    // /dev/kmsg: "3,812,9912334,-;text": microseconds since boot. A clock that runs far ahead is not believed.
    private static DateTimeOffset TimeOf(string line, DateTimeOffset? bootAt, DateTimeOffset now)
    {
        var semicolon = line.IndexOf(';', StringComparison.Ordinal);
        if (bootAt is not { } boot || semicolon < 0)
            return now;
        var parts = line[..semicolon].Split(',');
        if (parts.Length < 3 || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds))
            return now;
        var at = boot.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
        if (at <= now + MostSkew)
            return at;
        CollectorsMetrics.Refuse("kernel_log", "clock_ahead");
        return now;
    }

    private static string Short(string pci) => pci.Split('.')[0].ToUpperInvariant();
}
