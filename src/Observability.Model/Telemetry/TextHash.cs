using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Observability.Model;

/// <summary>
/// Hash of texts for tables in memory: 16 bytes a step, multiplied to 128 bits and folded (as wyhash does), from a secret that differs from
/// process to process, so that nobody who writes labels can choose colliding ones. Never stored.
/// </summary>
public static class TextHash
{
    private const ulong Odd = 0x9E3779B97F4A7C15;

    private static readonly ulong s_secret = Secret("first") | 1;
    private static readonly ulong s_seed = Secret("second");

    /// <summary>The hash of some bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> bytes) => Add(s_seed, bytes);

    /// <summary>The hash of several texts in their order, each with its length, so that "ab", "c" and "a", "bc" differ.</summary>
    public static ulong Of(ReadOnlySpan<string> texts)
    {
        // Each text for itself, so that the processor works on several at once.
        var hash = None;
        foreach (var text in texts)
            hash = Then(hash, Of(text));
        return hash;
    }

    /// <summary>The hash of one text.</summary>
    public static ulong Of(string text) => Add(s_seed, MemoryMarshal.AsBytes(text.AsSpan()));

    /// <summary>The hash of no texts.</summary>
    public static ulong None => s_seed;

    /// <summary>The hash of several texts and one more, for who has the hash of that one already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Then(ulong texts, ulong text) => (texts * Odd) + text;

    private static ulong Add(ulong hash, ReadOnlySpan<byte> bytes)
    {
        var length = (ulong)bytes.Length * Odd;
        while (bytes.Length > 16)
        {
            hash = Fold(Word(bytes) ^ s_secret, Word(bytes[8..]) ^ hash);
            bytes = bytes[16..];
        }

        // The words may overlap: the length, which goes in as well, tells which bytes are in both.
        var (first, last) = bytes.Length switch
        {
            >= 8 => (Word(bytes), Word(bytes[^8..])),
            >= 4 => (BinaryPrimitives.ReadUInt32LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..])),
            > 0 => (((ulong)bytes[0] << 8) | bytes[bytes.Length >> 1], bytes[^1]),
            _ => (0UL, 0UL),
        };
        return Fold(first ^ s_secret ^ length, last ^ hash);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    // The low half alone would be zero for ever after one factor of zero; the added hash keeps what came before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong text, ulong hash)
    {
        var high = Math.BigMul(text, hash, out var low);
        return (high ^ low) + hash;
    }

    // The runtime's own hash of a text is secret for each process.
    private static ulong Secret(string of) =>
        ((ulong)(uint)of.GetHashCode(StringComparison.Ordinal) << 32) | (uint)(of + of).GetHashCode(StringComparison.Ordinal);
}
