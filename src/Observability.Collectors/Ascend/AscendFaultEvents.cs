using System.Globalization;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Turns error codes of npu-exporter into events by Ascend's own table of handling levels. It sits in front of a sink and passes
/// everything on. The exporter shows a code while it lasts: a code is told when it comes, and again every ten minutes. Not thread-safe.
/// </summary>
public sealed class AscendFaultEvents : ISampleSink
{
    private const string Prefix = "npu_chip_info_error_code";
    private const string Source = "ascend";
    private const int SeriesLimit = 100_000;
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromMinutes(10);

    private readonly ISampleSink _samples;
    private readonly IEventSink _events;
    private readonly AscendFaultTable _table;
    private readonly HashSet<string> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<LabelSet, (double Code, DateTimeOffset At)> _told = [];

    internal AscendFaultEvents(ISampleSink samples, IEventSink events, AscendFaultTable table) => (_samples, _events, _table) = (samples, events, table);

    /// <summary>
    /// The sink that tells faults by the table in a file, and what of the table was not taken.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static (ISampleSink Sink, IReadOnlyList<string> Refused) FromFile(string path, ISampleSink samples, IEventSink events)
    {
        var (table, refused) = AscendFaultTable.Read(File.ReadAllBytes(path));
        return (new AscendFaultEvents(samples, events, table), refused);
    }

    /// <inheritdoc/>
    public void Append(SampleBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        // Only exporters of chips are looked at again: an error brings a series that was not there before.
        if (batch.BringsNewSeries || _sources.Contains(batch.Source))
            Look(batch);
        _samples.Append(batch);
    }

    private void Look(SampleBatch batch)
    {
        foreach (var (labels, sample) in batch.Samples)
        {
            if (!labels.MetricName.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            _sources.Add(batch.Source);
            if (StaleMarker.Is(sample.Value) || sample.Value <= 0)
                _told.Remove(labels);
            else if (!_told.TryGetValue(labels, out var told) || told.Code != sample.Value || batch.At - told.At >= RepeatAfter)
                Tell(labels, sample.Value, batch.At);
        }
    }

    private void Tell(LabelSet labels, double code, DateTimeOffset at)
    {
        if (_told.Count >= SeriesLimit && !_told.ContainsKey(labels))
        {
            CollectorsMetrics.Refused(Source, "series_limit");
            return;
        }

        _told[labels] = (code, at);
        var number = code < uint.MaxValue ? (long)code : 0;
        var hex = number.ToString("X8", CultureInfo.InvariantCulture);
        var level = _table.LevelOf(number) is { Length: > 0 } known ? known : "Unlisted";
        CollectorsMetrics.Events(Source);
        _events.Publish(new TelemetryEvent
        {
            At = at,
            Source = EventSource.Ascend,
            Code = "ascend:" + level,
            Severity = SeverityOf(level),
            Raw = $"{labels} {number} (0x{hex})",
            Labels = LabelSet.Of(
                ("node", labels["node"]), ("gpu", labels["id"]), ("UUID", labels["vdie_id"]), ("pci_bus_id", PciAddress.Normalise(labels["pcie_bus_info"]))),
            Fields = LabelSet.Of(("fault_code", hex), ("level", level), ("message", $"fault code 0x{hex}, handling level {level}")),
            DedupeKey = $"ascend|{labels["node"]}|{labels["id"]}|{hex}",
        });
    }

    private static EventSeverity SeverityOf(string level) => level switch
    {
        "NotHandle" => EventSeverity.Info,
        "SubHealth" => EventSeverity.HardwareDegraded,
        "RestartRequest" or "RestartBusiness" => EventSeverity.Application,
        "FreeRestartNPU" or "RestartNPU" or "Reset" or "PreSeparateNPU" or "SeparateNPU" or "Separate" => EventSeverity.HardwareFatal,
        _ => EventSeverity.Warning,
    };
}
