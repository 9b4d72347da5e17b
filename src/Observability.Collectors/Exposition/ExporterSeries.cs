using Observability.Model;

namespace Observability.Collectors;

/// <summary>Reads one answer of an exporter without scraping it again and again: for a look at what it gives.</summary>
public static class ExporterSeries
{
    /// <summary>
    /// Its samples in the one spelling and with blank values left out, each at <paramref name="at"/>, and the lines that were refused.
    /// </summary>
    public static (IReadOnlyList<SeriesSample> Samples, IReadOnlyList<string> Refused) Read(ReadOnlyMemory<byte> body, LabelSet target, DateTimeOffset at)
    {
        var samples = new List<SeriesSample>();
        var cache = new SeriesCache(labels =>
        {
            var shape = ExporterSpelling.Shape(labels);
            return shape with { Labels = ScrapeLabels.Attach(shape.Labels, target) };
        });
        var format = body.Span.TrimEnd("\r\n "u8).EndsWith("# EOF"u8) ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text;
        var result = new ExpositionReader(cache).Read(body.Span, new ReadSettings(format, at.ToUnixTimeMilliseconds(), HonorTimestamps: false), samples);
        return (samples, [.. result.Refused.Select(line => line.ToString())]);
    }
}
