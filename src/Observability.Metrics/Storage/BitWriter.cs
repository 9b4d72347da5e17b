using System.Buffers.Binary;

namespace Observability.Metrics;

/// <summary>Appends bits to a growing buffer, most significant first.</summary>
internal sealed class BitWriter
{
    private const int WordBytes = 8;

    // Bits behind the end are zero, and a whole word fits behind it.
    private byte[] _bytes = new byte[32];
    private int _bits;

    public int ByteCount => (_bits + 7) / 8;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, ByteCount);

    public byte[] ToArray() => Bytes.ToArray();

    public void Clear()
    {
        Array.Clear(_bytes);
        _bits = 0;
    }

    /// <summary>Appends the lowest <paramref name="count"/> bits, at most 64.</summary>
    public void Write(ulong value, int count)
    {
        if (count == 0)
            return;
        if (((_bits + count) >> 3) + WordBytes >= _bytes.Length)
            Array.Resize(ref _bytes, _bytes.Length * 2);
        var shift = _bits & 7;
        var aligned = value << (64 - count);
        Or(_bits >> 3, aligned >> shift);
        // Of a long value that does not begin on a byte, up to seven bits fall out of the word.
        if (shift + count > 64)
            _bytes[(_bits >> 3) + WordBytes] |= (byte)(aligned << (64 - shift) >> 56);
        _bits += count;
    }

    private void Or(int index, ulong word)
    {
        var target = _bytes.AsSpan(index, WordBytes);
        BinaryPrimitives.WriteUInt64BigEndian(target, BinaryPrimitives.ReadUInt64BigEndian(target) | word);
    }
}
