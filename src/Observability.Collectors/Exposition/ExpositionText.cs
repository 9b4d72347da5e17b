using Observability.Model;

namespace Observability.Collectors;

/// <summary>Reads a whole body in exposition format once, without a target's memory.</summary>
public static class ExpositionText
{
    private const int BlockBytes = 4 * 1_024 * 1_024;

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

    /// <summary>
    /// Reads a file of any size block by block. A stated time counts; line numbers of refused lines count from the start of the file.
    /// Throws what the stream throws, and <see cref="InvalidDataException"/> for a line longer than a block.
    /// </summary>
    public static IEnumerable<(IReadOnlyList<SeriesSample> Samples, ExpositionResult Result)> ReadBlocks(Stream stream, ExpositionFormat format, DateTimeOffset at)
    {
        var reader = new ExpositionReader(new SeriesCache(static labels => new SeriesShape(labels)));
        var settings = new ReadSettings(format, at.ToUnixTimeMilliseconds(), HonorTimestamps: true);
        var block = new byte[BlockBytes];
        var (held, lines) = (0, 0);
        while (true)
        {
            var read = stream.ReadAtLeast(block.AsSpan(held), block.Length - held, throwOnEndOfStream: false);
            held += read;
            var last = held < block.Length;
            var end = last ? held : block.AsSpan(0, held).LastIndexOf((byte)'\n') + 1;
            if (end == 0 && !last)
                throw new InvalidDataException($"line {lines + 1} is longer than {BlockBytes} bytes");
            var samples = new List<SeriesSample>();
            var result = reader.Read(block.AsSpan(0, end), settings, samples);
            yield return (samples, result with { Refused = [.. result.Refused.Select(line => line with { Line = line.Line + lines })] });
            lines += result.Lines;
            if (last)
                yield break;
            block.AsSpan(end, held - end).CopyTo(block);
            held -= end;
        }
    }
}
