using System.Buffers.Binary;
using System.Text;

namespace Observability.Collectors;

/// <summary>
/// Walks the fields of a protobuf message in place. Malformed input ends the walk with <see cref="IsBroken"/>; nothing is
/// copied and nothing is thrown, whatever a sender writes.
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>True where the bytes were no message.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Value of a varint or fixed field.</summary>
    public ulong Number { get; private set; }

    /// <summary>Content of a length-delimited field: text, bytes, message or packed numbers.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>True where the current field is length-delimited.</summary>
    public bool IsBytes { get; private set; }

    /// <summary>A fixed 64-bit field as a double.</summary>
    public readonly double Double => BitConverter.UInt64BitsToDouble(Number);

    /// <summary>A text field; invalid UTF-8 becomes the replacement character.</summary>
    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>Moves to the next field; false at the end and at the first malformed one.</summary>
    public bool Next()
    {
        if (_rest.Length == 0 || IsBroken)
            return false;
        if (!TryVarint(ref _rest, out var tag) || tag >> 3 is 0 or > 536_870_911)
            return Break();
        Field = (int)(tag >> 3);
        IsBytes = false;
        Bytes = [];
        return (tag & 7) switch
        {
            0 => ReadVarint(),
            1 => ReadFixed(8),
            2 => ReadBytes(),
            5 => ReadFixed(4),
            _ => Break(),
        };
    }

    public static bool TryVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (var i = 0; i < bytes.Length && i < 10; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] >= 0x80)
                continue;
            bytes = bytes[(i + 1)..];
            return true;
        }

        return false;
    }

    private bool ReadVarint()
    {
        if (!TryVarint(ref _rest, out var value))
            return Break();
        Number = value;
        return true;
    }

    private bool ReadFixed(int size)
    {
        if (_rest.Length < size)
            return Break();
        Number = size == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(_rest) : BinaryPrimitives.ReadUInt32LittleEndian(_rest);
        _rest = _rest[size..];
        return true;
    }

    private bool ReadBytes()
    {
        if (!TryVarint(ref _rest, out var length) || length > (ulong)_rest.Length)
            return Break();
        Bytes = _rest[..(int)length];
        _rest = _rest[(int)length..];
        IsBytes = true;
        return true;
    }

    private bool Break()
    {
        IsBroken = true;
        return false;
    }
}
