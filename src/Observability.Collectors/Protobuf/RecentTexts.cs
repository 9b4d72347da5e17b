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
    private static HashedText[]? t_slots;

    /// <summary>The text of some bytes, as the pool gives it.</summary>
    public static string Get(ReadOnlySpan<byte> utf8) => Hashed(utf8).Text;

    /// <summary>The text of some bytes, as the pool gives it, and its hash.</summary>
    public static HashedText Hashed(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > LongestKept)
            return HashedText.Of(Utf8Pool.Shared.Get(utf8));
        // A text lies in one of two neighbouring places, the younger in front. What is pushed out costs a look into the pool, and so does what is
        // not ASCII: bytes and characters are compared as they stand.
        var slots = t_slots ??= new HashedText[Slots];
        var at = (int)TextHash.Of(utf8) & (Slots - 1);
        ref var young = ref slots[at];
        if (young.Text is not null && System.Text.Ascii.Equals(utf8, young.Text))
            return young;
        ref var old = ref slots[at ^ 1];
        if (old.Text is not null && System.Text.Ascii.Equals(utf8, old.Text))
            return old;
        old = young;
        return young = HashedText.Of(Utf8Pool.Shared.Get(utf8));
    }
}
