using System.Buffers.Binary;
using System.Text;

namespace Observability.Collectors;

/// <summary>Writes a protobuf message into a buffer that is used again; a nested message is written in place and its length put in front.</summary>
internal sealed class ProtoWriter
{
    private byte[] _bytes = new byte[4_096];

    /// <summary>What was written since the last <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    public void Clear() => Length = 0;

    public void Number(int field, ulong value)
    {
        if (value == 0)
            return;
        Varint((ulong)field << 3);
        Varint(value);
    }

    public void Fixed64(int field, ulong value)
    {
        Varint(((ulong)field << 3) | 1);
        BinaryPrimitives.WriteUInt64LittleEndian(Room(8), value);
    }

    /// <summary>A double, written even where it is zero: for a sample that is a value, not an absence.</summary>
    public void Double(int field, double value) => Fixed64(field, BitConverter.DoubleToUInt64Bits(value));

    public void Text(int field, string value)
    {
        Varint(((ulong)field << 3) | 2);
        var count = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)count);
        Encoding.UTF8.GetBytes(value, Room(count));
    }

    /// <summary>Begins a nested message; give what it returns to <see cref="End"/>.</summary>
    public int Begin(int field)
    {
        Varint(((ulong)field << 3) | 2);
        return Length;
    }

    /// <summary>Ends a nested message: its content moves by as many bytes as its length takes, one as a rule.</summary>
    public void End(int start)
    {
        var size = Length - start;
        var prefix = 1;
        for (var rest = (uint)size >> 7; rest > 0; rest >>= 7)
            prefix++;
        Room(prefix);
        _bytes.AsSpan(start, size).CopyTo(_bytes.AsSpan(start + prefix));
        var (end, length) = (Length, (uint)size);
        Length = start;
        Varint(length);
        Length = end;
    }

    private void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            Room(1)[0] = (byte)(value | 0x80);
            value >>= 7;
        }

        Room(1)[0] = (byte)value;
    }

    private Span<byte> Room(int count)
    {
        if (Length + count > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
