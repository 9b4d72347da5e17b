using Observability.Model;

namespace Observability.Collectors;

/// <summary>What one file turned out to hold: items for the recording, and the account of what was read and refused.</summary>
internal sealed class CaptureDigest(List<RecordedItem> items) : ISampleSink, IEventSink, ITopologySink
{
    private const int ReasonsKept = 5;

    private readonly List<string> _reasons = [];
    private long _samples;
    private long _events;
    private long _entities;
    private long _refused;

    /// <summary>Lines read; for a document, its records.</summary>
    public long Lines { get; set; }

    /// <summary>Set where the file is not what it looked like and none of it was used.</summary>
    public string SkippedBecause { get; set; } = "";

    /// <inheritdoc/>
    public void Append(SampleBatch batch)
    {
        _samples += batch.Samples.Count;
        items.Add(new RecordedItem(batch.At, batch, null));
    }

    /// <inheritdoc/>
    public void Publish(TelemetryEvent telemetryEvent)
    {
        _events++;
        items.Add(new RecordedItem(telemetryEvent.At, null, telemetryEvent));
    }

    /// <inheritdoc/>
    public void Apply(TopologyChange change)
    {
        _entities += change.Entities.Length;
        items.Add(new RecordedItem(change.At, null, null, change));
    }

    /// <summary>Appends samples as one batch for each moment they are of, the moments in the order in which they first appear.</summary>
    /// <param name="source">The file.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="clock">The series in which a node tells what its clock shows, where the samples' own times are those of the scrape.</param>
    public void AppendByMoment(string source, IReadOnlyList<SeriesSample> samples, LabelSet? clock = null)
    {
        // Nearly always there is one.
        if (samples.Count > 0 && IsOneMoment(samples))
        {
            AppendMoment(source, samples, clock);
            return;
        }

        foreach (var moment in samples.GroupBy(sample => sample.Sample.UnixMilliseconds))
            AppendMoment(source, [.. moment], clock);
    }

    private void AppendMoment(string source, IReadOnlyList<SeriesSample> samples, LabelSet? clock)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(samples[0].Sample.UnixMilliseconds, 0, 253_402_300_799_999));
        var told = clock is null ? null : samples.Where(sample => ReferenceEquals(sample.Labels, clock)).Select(sample => (double?)sample.Sample.Value).FirstOrDefault();
        Append(new SampleBatch(source, time, samples) { NodeClock = told is { } value ? (clock!["node"], value) : null });
    }

    private static bool IsOneMoment(IReadOnlyList<SeriesSample> samples)
    {
        var first = samples[0].Sample.UnixMilliseconds;
        for (var i = 1; i < samples.Count; i++)
        {
            if (samples[i].Sample.UnixMilliseconds != first)
                return false;
        }

        return true;
    }

    /// <summary>Counts parts that were not taken; the first few reasons are kept.</summary>
    public void Refuse(string reason, long count = 1)
    {
        _refused += count;
        if (_reasons.Count < ReasonsKept)
            _reasons.Add(reason);
    }

    /// <summary>The account of the file.</summary>
    public RecordedFile Report(string name, string kind) => SkippedBecause.Length > 0
        ? RecordedFile.Skipped(name, SkippedBecause)
        : new RecordedFile(name, kind)
        {
            Lines = Lines,
            Samples = _samples,
            Events = _events,
            Entities = _entities,
            Refused = _refused,
            Reasons = [.. _reasons],
        };
}
