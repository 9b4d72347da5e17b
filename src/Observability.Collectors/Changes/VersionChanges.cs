using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Makes a change event where a label that holds a version gets another value: <c>node_ethtool_info{firmware_version}</c>, the driver that
/// dcgm-exporter writes on every series. It sits in front of a sink and passes everything on. Another value is another series, so that only
/// batches that bring new ones are looked at. The first value of a thing is no change. Not thread-safe.
/// </summary>
public sealed class VersionChanges(ISampleSink samples, IEventSink events) : ISampleSink
{
    private const string Source = "versions";
    private const int ThingLimit = 200_000;

    // Metric (empty for any), the label with the version, what kind of change another one is, and the labels that name the thing.
    private static readonly (string Metric, string Label, string Kind, string[] Thing)[] Versions =
    [
        ("node_ethtool_info", "firmware_version", "firmware", ["node", "device"]),
        ("node_ethtool_info", "version", "driver", ["node", "device"]),
        ("node_infiniband_info", "firmware_version", "firmware", ["node", "device"]),
        ("node_uname_info", "release", "kernel", ["node"]),
        ("", "DCGM_FI_DRIVER_VERSION", "driver", ["node"]),
        ("", "DCGM_FI_SYSTEM_DRIVER_VERSION", "driver", ["node"]),
    ];

    private readonly Dictionary<(string Label, LabelSet Thing), string> _known = [];

    /// <inheritdoc/>
    public void Append(SampleBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.BringsNewSeries)
            Look(batch);
        samples.Append(batch);
    }

    private void Look(SampleBatch batch)
    {
        foreach (var (labels, sample) in batch.Samples)
        {
            // The series of the old version ends with a marker in the batch that brings the new one.
            if (StaleMarker.Is(sample.Value))
                continue;
            foreach (var (metric, label, kind, names) in Versions)
            {
                if ((metric.Length == 0 || labels.MetricName == metric) && labels.TryGet(label, out var version) && version.Length > 0)
                    See((label, labels.Keep(names)), kind, version, batch.At);
            }
        }
    }

    private void See((string Label, LabelSet Thing) key, string kind, string version, DateTimeOffset at)
    {
        // Without a node nobody could be told whose version it is.
        if (!key.Thing.Has("node"))
            return;
        if (!_known.TryGetValue(key, out var before))
        {
            if (_known.Count < ThingLimit)
                _known[key] = version;
            else
                CollectorsMetrics.Refused(Source, "series_limit");
            return;
        }

        if (before == version)
            return;
        _known[key] = version;
        CollectorsMetrics.Events(Source);
        events.Publish(new TelemetryEvent
        {
            At = at,
            Source = EventSource.Change,
            Code = "change:" + kind,
            Raw = $"{key.Thing} {key.Label} changed from {before} to {version}",
            Severity = EventSeverity.Warning,
            Labels = key.Thing,
            Fields = LabelSet.Of(("text", $"{key.Label} {before} -> {version}")),
            DedupeKey = $"change:{kind}|{key.Thing}|{at:O}",
        });
    }
}
