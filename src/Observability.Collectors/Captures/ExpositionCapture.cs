using System.Runtime.InteropServices;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>Exposition text: <c>*.prom</c>, <c>*.metrics</c>, and any text with a TYPE or HELP line near its beginning.</summary>
internal sealed class ExpositionCapture : ICaptureReader
{
    private const long EarliestMilliseconds = 946_684_800_000;

    // Room only, and in the reader how exporters write: nothing of a file is in them when the next one is read. Lists and tables of thousands of series are large objects, and
    // making them anew for each file cost more than reading it.
    private readonly SeriesCache _cache;
    private readonly ExpositionReader _reader;
    private readonly List<SeriesSample> _samples = [];
    private LabelSet _target = LabelSet.Empty;
    private LabelSet? _clock;

    public ExpositionCapture()
    {
        _cache = new SeriesCache(labels =>
        {
            var shape = ExporterSpelling.Shape(labels);
            shape = shape with { Labels = ScrapeLabels.Attach(shape.Labels, _target) };
            _clock = shape.Labels.MetricName == NodeClocks.Metric ? shape.Labels : _clock;
            return shape;
        });
        _reader = new ExpositionReader(_cache);
    }

    /// <inheritdoc/>
    public string Kind => "exposition";

    /// <inheritdoc/>
    public bool Recognises(CaptureFile file) => file.Extension is ".prom" or ".metrics"
        || (file.Extension is ".log" or ".txt"
            && (file.Head.StartsWith("# HELP "u8) || file.Head.StartsWith("# TYPE "u8) || file.Head.IndexOf("\n# TYPE "u8) >= 0));

    /// <inheritdoc/>
    public void Read(CaptureFile file, CaptureDigest digest)
    {
        var format = file.Bytes.AsSpan().TrimEnd("\r\n "u8).EndsWith("# EOF"u8) ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text;
        (_target, _clock) = (TargetOf(file.Name, file.TargetLabels), null);
        var settings = new ReadSettings(format, file.At.ToUnixTimeMilliseconds(), HonorTimestamps: true, Metadata: false);
        var result = _reader.Read(file.Bytes, settings, _samples);
        if (GoneLines(file.Bytes) is { Length: > 0 } gone)
        {
            var ended = new List<SeriesSample>();
            _reader.Read(gone, settings, ended);
            _samples.AddRange(ended.Select(one => one with { Sample = one.Sample with { Value = StaleMarker.Value } }));
        }

        foreach (ref var sample in CollectionsMarshal.AsSpan(_samples))
        {
            if (sample.Sample.UnixMilliseconds is > 0 and < EarliestMilliseconds)
                sample = Dated(sample, file.At);
        }

        // A file without times of its own happened when it was last written, which says nothing about anybody's clock.
        digest.AppendByMoment(file.Name, [.. _samples], result.Stated > 0 ? _clock : null);
        _samples.Clear();
        _cache.Clear();
        digest.Lines = result.Lines;
        foreach (var line in result.Refused)
            digest.Refuse(line.ToString());
        if (result.RefusedCount > result.Refused.Length)
            digest.Refuse("further lines", result.RefusedCount - result.Refused.Length);
    }

    // An exporter that writes seconds where milliseconds belong means a day of 1970: no time at all.
    private static SeriesSample Dated(SeriesSample sample, DateTimeOffset at) =>
        sample with { Sample = sample.Sample with { UnixMilliseconds = at.ToUnixTimeMilliseconds() } };

    // "# GONE name{labels} NaN time", by which our own recordings say that a series ended; a comment to everybody else.
    private static byte[] GoneLines(byte[] text)
    {
        var mark = "# GONE "u8;
        if (text.AsSpan().IndexOf(mark) < 0)
            return [];
        using var lines = new MemoryStream();
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            var end = rest.IndexOf((byte)'\n') is var at and >= 0 ? at + 1 : rest.Length;
            if (rest.StartsWith(mark))
                lines.Write(rest[mark.Length..end]);
            rest = rest[end..];
        }

        return lines.ToArray();
    }

    // scrape/JOB/NODE.prom, or NODE.PART.prom where a recording is cut into parts; a switch is no node.
    private static LabelSet TargetOf(string name, LabelSet otherwise) =>
        name.Split('/') is [.., "scrape", var job, var file]
            ? LabelSet.Of(("job", job), (job == "switch" ? "switch" : "node", file.Split('.')[0]), ("instance", file.Split('.')[0]))
            : otherwise;
}
