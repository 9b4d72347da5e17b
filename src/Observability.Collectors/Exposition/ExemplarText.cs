using Observability.Model;

namespace Observability.Collectors;

/// <summary>Reads the exemplar at the end of an OpenMetrics sample: <c># {trace_id="abc"} 0.4 1520879607.789</c>.</summary>
internal static class ExemplarText
{
    /// <summary>False where there is none that can be read; the sample counts all the same.</summary>
    public static bool TryParse(ReadOnlySpan<byte> rest, long at, out LabelSet labels, out Sample measured)
    {
        labels = LabelSet.Empty;
        measured = default;
        if (rest.Length == 0 || rest[0] != '#')
            return false;
        rest = rest[1..].TrimStart(" \t"u8);
        // The reader of series wants a name in front of the labels.
        byte[] named = [(byte)'_', .. rest];
        var length = SeriesText.Measure(named, out _);
        if (length < 2 || SeriesText.Parse(named.AsSpan(0, length), out _) is not { } parsed)
            return false;
        labels = parsed.Without(LabelSet.MetricNameLabel);
        rest = rest[(length - 1)..].TrimStart(" \t"u8);
        if (!ExpositionNumber.TryParse(ExpositionReader.Token(ref rest), out var value))
            return false;
        if (rest.Length > 0)
        {
            if (!ExpositionReader.TryTime(ExpositionReader.Token(ref rest), seconds: true, out var time))
                return false;
            at = time;
        }

        measured = new Sample(at, value);
        return true;
    }
}
