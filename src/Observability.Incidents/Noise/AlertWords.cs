namespace Observability.Incidents;

/// <summary>
/// Turns words into numbers by hashing: each word adds one to, or takes one from, one of a few buckets, and the whole is scaled to length
/// one, so that a long text says no more than a short one. <c>GpuThermalThrottle</c> is three words, <c>xid:79</c> is two.
/// </summary>
internal static class AlertWords
{
    // A summary names devices and figures, which differ each time; a name's figures are codes and say what it is.
    private const int ShortestOfText = 3;

    /// <summary>Words of an alert's name, codes included.</summary>
    public static void AddName(ReadOnlySpan<char> name, Span<float> buckets) => Add(name, buckets, shortest: 1, isName: true);

    /// <summary>Words of a sentence, without anything that has a digit in it.</summary>
    public static void AddText(ReadOnlySpan<char> text, Span<float> buckets) => Add(text, buckets, ShortestOfText, isName: false);

    private static void Add(ReadOnlySpan<char> text, Span<float> buckets, int shortest, bool isName)
    {
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            var ends = i == text.Length || !char.IsAsciiLetterOrDigit(text[i]) || (isName && i > start && char.IsAsciiLetterUpper(text[i]) && char.IsAsciiLetterLower(text[i - 1]));
            if (!ends)
                continue;
            Count(text[start..i], buckets, shortest, isName);
            start = i < text.Length && char.IsAsciiLetterOrDigit(text[i]) ? i : i + 1;
        }

        Scale(buckets);
    }

    private static void Count(ReadOnlySpan<char> word, Span<float> buckets, int shortest, bool mayHaveDigits)
    {
        if (word.Length < shortest || (!mayHaveDigits && word.IndexOfAnyInRange('0', '9') >= 0))
            return;
        var hash = Hash(word);
        buckets[(int)(hash % (uint)buckets.Length)] += (hash & 0x8000_0000) == 0 ? 1 : -1;
    }

    private static void Scale(Span<float> buckets)
    {
        var squares = 0f;
        foreach (var bucket in buckets)
            squares += bucket * bucket;
        if (squares == 0)
            return;
        var length = MathF.Sqrt(squares);
        foreach (ref var bucket in buckets)
            bucket /= length;
    }

    // FNV-1a with a last mix, over lower-case letters: the runtime's own hash differs from process to process.
    private static uint Hash(ReadOnlySpan<char> word)
    {
        var hash = 2_166_136_261u;
        foreach (var letter in word)
            hash = (hash ^ char.ToLowerInvariant(letter)) * 16_777_619u;
        hash ^= hash >> 15;
        hash *= 0x85eb_ca6bu;
        return hash ^ (hash >> 13);
    }
}
