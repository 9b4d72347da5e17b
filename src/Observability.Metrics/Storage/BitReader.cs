using System.Buffers.Binary;

namespace Observability.Metrics;

/// <summary>Reads bits, most significant first; reading past the end throws, so that a cut blob is noticed.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    public ulong Read(int count)
    {
        if (_position + count > _bytes.Length * 8)
            throw new InvalidDataException($"chunk ends at bit {_bytes.Length * 8}, needed {_position + count}");
        var index = _position >> 3;
        var shift = _position & 7;
        _position += count;
        if (shift + count <= 64 && index + 8 <= _bytes.Length)
        {
            var word = BinaryPrimitives.ReadUInt64BigEndian(_bytes[index..]) << shift;
            return count == 64 ? word : count == 0 ? 0 : word >> (64 - count);
        }

        return ReadSlow(index, shift, count);
    }

    private readonly ulong ReadSlow(int index, int shift, int count)
    {
        ulong value = 0;
        while (count > 0)
        {
            var taken = Math.Min(8 - shift, count);
            var part = (_bytes[index] >> (8 - shift - taken)) & ((1 << taken) - 1);
            value = (value << taken) | (uint)part;
            count -= taken;
            shift = 0;
            index++;
        }

        return value;
    }
}
