using Observability.Model;

namespace Observability.Collectors;

/// <summary>Reads a whole body in exposition format once, without a target's memory.</summary>
public static class ExpositionText
{
    /// <summary>Samples and refused lines of a body; a stated time counts, <paramref name="at"/> stands for a missing one.</summary>
    public static (IReadOnlyList<SeriesSample> Samples, ExpositionResult Result) Read(
        ReadOnlySpan<byte> body, ExpositionFormat format, DateTimeOffset at)
    {
        var samples = new List<SeriesSample>();
        var cache = new SeriesCache(static labels => new SeriesShape(labels));
        var settings = new ReadSettings(format, at.ToUnixTimeMilliseconds(), HonorTimestamps: true);
        var result = new ExpositionReader(cache).Read(body, settings, samples);
        return (samples, result);
    }
}
