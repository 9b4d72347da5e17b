using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// The last few thousand texts of this thread in front of <see cref="Utf8Pool.Shared"/>: on neighbouring lines of an exposition nearly all
/// names and values are the same, and a table without locks costs half of what the pool does.
/// </summary>
internal static class RecentTexts
{
    private const int Slots = 4_096;
    private const int LongestKept = 64;

    [ThreadStatic]
    private static string?[]? t_slots;

    /// <summary>The text of some bytes, as the pool gives it.</summary>
    public static string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > LongestKept)
            return Utf8Pool.Shared.Get(utf8);
        // A text lies in one of two neighbouring places, the younger in front. What is pushed out costs a look into the pool, and so does what is
        // not ASCII: bytes and characters are compared as they stand.
        var slots = t_slots ??= new string?[Slots];
        var at = (int)TextHash.Of(utf8) & (Slots - 1);
        if (slots[at] is { } known && System.Text.Ascii.Equals(utf8, known))
            return known;
        if (slots[at ^ 1] is { } older && System.Text.Ascii.Equals(utf8, older))
            return older;
        slots[at ^ 1] = slots[at];
        return slots[at] = Utf8Pool.Shared.Get(utf8);
    }
}
