namespace Observability.Metrics;

/// <summary>Appends bits to a growing buffer, most significant first.</summary>
internal sealed class BitWriter
{
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

    public void Write(ulong value, int count)
    {
        if (_bits + count > _bytes.Length * 8)
            Array.Resize(ref _bytes, _bytes.Length * 2);
        while (count > 0)
        {
            var free = 8 - (_bits & 7);
            var taken = Math.Min(free, count);
            var part = (byte)((value >> (count - taken)) & ((1UL << taken) - 1));
            _bytes[_bits >> 3] |= (byte)(part << (free - taken));
            _bits += taken;
            count -= taken;
        }
    }
}
