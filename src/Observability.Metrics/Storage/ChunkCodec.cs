using System.Numerics;
using System.Runtime.CompilerServices;

namespace Observability.Metrics;

/// <summary>
/// The compression of one chunk, after Gorilla (Pelkonen et al., VLDB 2015): delta of deltas of the times, XOR of the
/// values. The time classes are narrower than Prometheus's, because scrapes that keep their beat to a few milliseconds
/// are the common case: 9 bits for ±63 ms instead of 16.
/// </summary>
internal sealed class ChunkCodec
{
    private const int NoWindow = -1;

    private readonly BitWriter _bits = new();
    private long _delta;
    private ulong _lastBits;
    private int _leading = NoWindow;
    private int _trailing;

    public int Count { get; private set; }

    public long FirstTime { get; private set; }

    public long LastTime { get; private set; }

    public double LastValue => BitConverter.UInt64BitsToDouble(_lastBits);

    public int ByteCount => _bits.ByteCount;

    public ReadOnlySpan<byte> Bytes => _bits.Bytes;

    public void Clear()
    {
        _bits.Clear();
        Count = 0;
        _delta = 0;
        _leading = NoWindow;
        _trailing = 0;
    }

    public void Append(long time, double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        if (Count == 0)
        {
            FirstTime = time;
            _bits.Write((ulong)time, 64);
            _bits.Write(bits, 64);
        }
        else
        {
            var delta = time - LastTime;
            WriteTime(_bits, delta - _delta);
            _delta = delta;
            WriteValue(bits ^ _lastBits);
        }

        LastTime = time;
        _lastBits = bits;
        Count++;
    }

    /// <summary>Adds the samples with <paramref name="from"/> ≤ time ≤ <paramref name="to"/> to a buffer.</summary>
    public static void Decode(ReadOnlySpan<byte> bytes, int count, long from, long to, SampleBuffer into)
    {
        if (count == 0)
            return;
        var reader = new BitReader(bytes);
        into.Reserve(count, out var times, out var values);
        var time = (long)reader.Read(64);
        var bits = reader.Read(64);
        long delta = 0;
        int leading = 0, trailing = 0, kept = 0;
        for (var i = 0; time <= to; i++)
        {
            if (time >= from)
            {
                times[kept] = time;
                values[kept++] = BitConverter.UInt64BitsToDouble(bits);
            }

            if (i + 1 == count)
                break;
            delta += ReadTime(ref reader);
            time += delta;
            if (reader.Read(1) == 0)
                continue;
            if (reader.Read(1) == 1)
            {
                leading = (int)reader.Read(5);
                var significant = (int)reader.Read(6);
                trailing = 64 - leading - (significant == 0 ? 64 : significant);
                if (trailing < 0)
                    throw new InvalidDataException("value window is wider than 64 bits");
            }

            bits ^= reader.Read(64 - leading - trailing) << trailing;
        }

        into.Advance(kept);
    }

    internal static void WriteTime(BitWriter bits, long change)
    {
        switch (change)
        {
            case 0:
                bits.Write(0, 1);
                break;
            case >= -63 and <= 64:
                bits.Write(0b10, 2);
                bits.Write((ulong)(change + 63), 7);
                break;
            case >= -2047 and <= 2048:
                bits.Write(0b110, 3);
                bits.Write((ulong)(change + 2047), 12);
                break;
            case >= -524287 and <= 524288:
                bits.Write(0b1110, 4);
                bits.Write((ulong)(change + 524287), 20);
                break;
            default:
                bits.Write(0b1111, 4);
                bits.Write((ulong)change, 64);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static long ReadTime(ref BitReader reader) => reader.ReadOnes(4) switch
    {
        0 => 0,
        1 => (long)reader.Read(7) - 63,
        2 => (long)reader.Read(12) - 2047,
        3 => (long)reader.Read(20) - 524287,
        _ => (long)reader.Read(64),
    };

    private void WriteValue(ulong change)
    {
        if (change == 0)
        {
            _bits.Write(0, 1);
            return;
        }

        var leading = Math.Min(31, BitOperations.LeadingZeroCount(change));
        var trailing = BitOperations.TrailingZeroCount(change);
        if (_leading != NoWindow && leading >= _leading && trailing >= _trailing)
        {
            _bits.Write(0b10, 2);
            _bits.Write(change >> _trailing, 64 - _leading - _trailing);
            return;
        }

        var significant = 64 - leading - trailing;
        _bits.Write(0b11, 2);
        _bits.Write((ulong)leading, 5);
        _bits.Write((ulong)(significant & 63), 6);
        _bits.Write(change >> trailing, significant);
        _leading = leading;
        _trailing = trailing;
    }
}
