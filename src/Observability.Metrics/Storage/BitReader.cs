using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Observability.Metrics;

/// <summary>
/// Reads bits, most significant first, from a window of up to 64 that is refilled eight bytes at a time. Reading past the end throws,
/// so that a cut blob is noticed.
/// </summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    // After a refill at least this many bits stand in the window, unless the end is near.
    private const int Refilled = 56;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private ulong _window;
    private int _valid;
    private int _next;

    /// <summary>The next bits as a number; at most 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Read(int count)
    {
        if (count > _valid)
        {
            if (count > Refilled)
                return ReadWide(count);
            Refill();
            if (count > _valid)
                ThrowEnd(count);
        }

        // Shifting by 64 would shift by nothing.
        var value = count == 0 ? 0 : _window >> (64 - count);
        Consume(count);
        return value;
    }

    /// <summary>Reads ones up to and with the zero that ends them, or exactly <paramref name="most"/> ones, at most 55.</summary>
    /// <returns>How many ones there were.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadOnes(int most)
    {
        if (_valid <= most)
            Refill();
        var ones = Math.Min(most, BitOperations.LeadingZeroCount(~_window));
        var length = ones == most ? most : ones + 1;
        if (length > _valid)
            ThrowEnd(length);
        Consume(length);
        return ones;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Consume(int count)
    {
        _window = count == 64 ? 0 : _window << count;
        _valid -= count;
    }

    // The bits below the valid ones may already hold what follows; the same bits are put there again.
    private void Refill()
    {
        if (_next + 8 <= _bytes.Length)
        {
            _window |= BinaryPrimitives.ReadUInt64BigEndian(_bytes[_next..]) >> _valid;
            var taken = (63 - _valid) >> 3;
            _next += taken;
            _valid += taken * 8;
            return;
        }

        // The last bytes singly; what the loop above may have put below the valid bits is cleared first.
        _window = _valid == 0 ? 0 : _window & (ulong.MaxValue << (64 - _valid));
        while (_valid <= Refilled && _next < _bytes.Length)
        {
            _window |= (ulong)_bytes[_next++] << (Refilled - _valid);
            _valid += 8;
        }
    }

    private ulong ReadWide(int count)
    {
        var high = Read(count - 32);
        return (high << 32) | Read(32);
    }

    private readonly void ThrowEnd(int count) => throw new InvalidDataException(
        $"chunk ends at bit {_bytes.Length * 8}, needed {(_next * 8) - _valid + count}");
}
