using System.Numerics;

namespace Observability.Metrics;

/// <summary>
/// Samples of one series, compressed as in Facebook's Gorilla paper: delta of delta of the time, XOR of the value.
/// Append-only; sealed chunks never change.
/// </summary>
internal sealed class GorillaChunk
{
    /// <summary>Samples after which a chunk is sealed: long enough to compress, short enough to skip cheaply.</summary>
    public const int Capacity = 120;

    private byte[] _bits = new byte[64];
    private int _length;
    private long _lastDelta;
    private ulong _lastBits;
    private int _leading = -1;
    private int _trailing;

    /// <summary>Time of the first sample, Unix milliseconds.</summary>
    public long First { get; private set; }

    /// <summary>Time of the last sample, Unix milliseconds.</summary>
    public long Last { get; private set; }

    /// <summary>The last value.</summary>
    public double LastValue => BitConverter.UInt64BitsToDouble(_lastBits);

    /// <summary>Number of samples.</summary>
    public int Count { get; private set; }

    /// <summary>Size in memory, about.</summary>
    public int Bytes => _bits.Length + 64;

    /// <summary>Adds a sample that is newer than the last one.</summary>
    public void Append(long at, double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        if (Count == 0)
        {
            First = at;
            Write(bits, 64);
        }
        else
        {
            WriteTime(at - Last);
            WriteValue(bits);
        }

        (Last, _lastBits) = (at, bits);
        Count++;
    }

    /// <summary>Adds all samples with <paramref name="from"/> &lt; time ≤ <paramref name="to"/> to two lists.</summary>
    public void Read(long from, long to, List<long> times, List<double> values) =>
        Read(_bits, First, Count, (from, to), times, values);

    /// <summary>The compressed form, without room to spare.</summary>
    public byte[] ToBytes() => _bits[..((_length + 7) / 8)];

    /// <summary>Reads a compressed form.</summary>
    public static void Read(byte[] bytes, long first, int count, (long From, long To) range, List<long> times, List<double> values)
    {
        var reader = new BitReader(bytes);
        var at = first;
        long delta = 0;
        ulong bits = 0;
        var (leading, meaningful) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            if (i == 0)
            {
                bits = reader.Read(64);
            }
            else
            {
                delta += ReadTime(ref reader);
                at += delta;
                ReadValue(ref reader, ref bits, ref leading, ref meaningful);
            }

            if (at > range.To)
                return;
            if (at > range.From)
            {
                times.Add(at);
                values.Add(BitConverter.UInt64BitsToDouble(bits));
            }
        }
    }

    private void WriteTime(long delta)
    {
        var change = delta - _lastDelta;
        _lastDelta = delta;
        switch (change)
        {
            case 0:
                Write(0, 1);
                break;
            case >= -8_191 and <= 8_192:
                Write(0b10, 2);
                Write((ulong)(change + 8_191), 14);
                break;
            case >= -524_287 and <= 524_288:
                Write(0b110, 3);
                Write((ulong)(change + 524_287), 20);
                break;
            default:
                Write(0b111, 3);
                Write((ulong)change, 64);
                break;
        }
    }

    private static long ReadTime(ref BitReader reader)
    {
        if (reader.Read(1) == 0)
            return 0;
        if (reader.Read(1) == 0)
            return (long)reader.Read(14) - 8_191;
        return reader.Read(1) == 0 ? (long)reader.Read(20) - 524_287 : (long)reader.Read(64);
    }

    private void WriteValue(ulong bits)
    {
        var xor = bits ^ _lastBits;
        if (xor == 0)
        {
            Write(0, 1);
            return;
        }

        Write(1, 1);
        var leading = Math.Min(31, BitOperations.LeadingZeroCount(xor));
        var trailing = BitOperations.TrailingZeroCount(xor);
        if (_leading >= 0 && leading >= _leading && trailing >= _trailing)
        {
            Write(0, 1);
            Write(xor >> _trailing, 64 - _leading - _trailing);
            return;
        }

        (_leading, _trailing) = (leading, trailing);
        var meaningful = 64 - leading - trailing;
        Write(1, 1);
        Write((ulong)leading, 5);
        Write((ulong)(meaningful - 1), 6);
        Write(xor >> trailing, meaningful);
    }

    private static void ReadValue(ref BitReader reader, ref ulong bits, ref int leading, ref int meaningful)
    {
        if (reader.Read(1) == 0)
            return;
        if (reader.Read(1) == 1)
        {
            leading = (int)reader.Read(5);
            meaningful = (int)reader.Read(6) + 1;
        }

        bits ^= reader.Read(meaningful) << (64 - leading - meaningful);
    }

    private void Write(ulong value, int count)
    {
        while (_length + count > _bits.Length * 8)
            Array.Resize(ref _bits, _bits.Length * 2);
        for (var left = count; left > 0;)
        {
            var room = 8 - (_length & 7);
            var take = Math.Min(room, left);
            var part = (byte)((value >> (left - take)) & ((1UL << take) - 1));
            _bits[_length >> 3] |= (byte)(part << (room - take));
            _length += take;
            left -= take;
        }
    }

    private ref struct BitReader(byte[] bytes)
    {
        private int _at;

        public ulong Read(int count)
        {
            ulong value = 0;
            for (var left = count; left > 0;)
            {
                var room = 8 - (_at & 7);
                var take = Math.Min(room, left);
                var part = (bytes[_at >> 3] >> (room - take)) & ((1 << take) - 1);
                value = (value << take) | (uint)part;
                _at += take;
                left -= take;
            }

            return value;
        }
    }
}
