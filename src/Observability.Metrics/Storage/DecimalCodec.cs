using System.Numerics;
using System.Runtime.CompilerServices;

namespace Observability.Metrics;

/// <summary>
/// The compression of a sealed chunk whose values are decimals: each value times a power of ten is a whole number, and
/// only the differences of those (or the differences of the differences) are kept. Counters and rounded gauges, which
/// is most of what exporters send, take half of what XOR takes; a chunk with any other value keeps XOR.
/// <code>format 1, scale and order, Rice parameter, base length (6 bits) and base, first time (64), first whole number (64), then per sample: time change, value change</code>
/// A value change is the distance from the base as a Rice code: a quotient in ones, then the remainder; a distance that
/// is far out is escaped.
/// </summary>
internal static class DecimalCodec
{
    public const byte XorFormat = 0;
    public const byte DecimalFormat = 1;

    private const int MostDecimals = 4;
    private const double LargestWhole = 1L << 52;

    private static readonly double[] s_powers = [1, 10, 100, 1_000, 10_000];

    // As many ones as this mean that a length (6 bits, less one) and the distance itself follow.
    private const int EscapeOnes = 16;
    private const int MostRemainderBits = 48;

    /// <summary>The shorter of both formats for the bytes of an open chunk.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> xor, int count)
    {
        var samples = new SampleBuffer();
        ChunkCodec.Decode(xor, count, long.MinValue, long.MaxValue, samples);
        var whole = new long[count];
        var scale = 0;
        while (scale <= MostDecimals && !TryScale(samples.Values, scale, whole))
            scale++;
        if (scale > MostDecimals)
            return WithFormat(xor);
        var model = BestModel(whole);
        var bits = new BitWriter();
        bits.Write(DecimalFormat, 8);
        bits.Write((ulong)((model.Order << 4) | scale), 8);
        Write(bits, samples.Times, whole, model);
        return bits.ByteCount <= xor.Length ? bits.ToArray() : WithFormat(xor);
    }

    /// <summary>Marks the bytes of an open chunk as what they are.</summary>
    public static byte[] WithFormat(ReadOnlySpan<byte> xor) => [XorFormat, .. xor];

    /// <summary>Adds the samples with <paramref name="from"/> ≤ time ≤ <paramref name="to"/> to a buffer.</summary>
    public static void Decode(ReadOnlySpan<byte> bytes, int count, long from, long to, SampleBuffer into)
    {
        if (bytes.Length < 2 || bytes[0] > DecimalFormat)
            throw new InvalidDataException("chunk has an unknown format");
        if (bytes[0] == XorFormat)
        {
            ChunkCodec.Decode(bytes[1..], count, from, to, into);
            return;
        }

        var (scale, order) = (bytes[1] & 15, bytes[1] >> 4);
        if (scale > MostDecimals)
            throw new InvalidDataException($"chunk has {scale} decimals");
        var reader = new BitReader(bytes[2..]);
        var remainderBits = (int)reader.Read(8);
        if (remainderBits > MostRemainderBits)
            throw new InvalidDataException($"chunk has {remainderBits} remainder bits");
        var expected = Zigzag.Decode(reader.Read((int)reader.Read(6)));
        var time = (long)reader.Read(64);
        var whole = (long)reader.Read(64);
        long timeDelta = 0, valueDelta = 0;
        var (divisor, kept) = (s_powers[scale], 0);
        into.Reserve(count, out var times, out var values);
        for (var i = 0; time <= to; i++)
        {
            if (time >= from)
            {
                times[kept] = time;
                values[kept++] = whole / divisor;
            }

            if (i + 1 >= count)
                break;
            timeDelta += ChunkCodec.ReadTime(ref reader);
            time += timeDelta;
            var change = ReadChange(ref reader, remainderBits) + expected;
            valueDelta = order == 2 ? valueDelta + change : change;
            whole += valueDelta;
        }

        into.Advance(kept);
    }

    private static bool TryScale(ReadOnlySpan<double> values, int scale, long[] whole)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var scaled = Math.Round(values[i] * s_powers[scale]);
            if (!(Math.Abs(scaled) < LargestWhole))
                return false;
            // Bit for bit: -0 and a last digit lost in scaling are not acceptable.
            if (BitConverter.DoubleToInt64Bits((long)scaled / s_powers[scale]) != BitConverter.DoubleToInt64Bits(values[i]))
                return false;
            whole[i] = (long)scaled;
        }

        return true;
    }

    private static void Write(BitWriter bits, ReadOnlySpan<long> times, long[] whole, Model model)
    {
        var expected = Zigzag.Encode(model.Base);
        var length = 64 - BitOperations.LeadingZeroCount(expected);
        bits.Write((ulong)model.RemainderBits, 8);
        bits.Write((ulong)length, 6);
        bits.Write(expected, length);
        bits.Write((ulong)times[0], 64);
        bits.Write((ulong)whole[0], 64);
        long timeDelta = 0, valueDelta = 0;
        for (var i = 1; i < whole.Length; i++)
        {
            ChunkCodec.WriteTime(bits, times[i] - times[i - 1] - timeDelta);
            timeDelta = times[i] - times[i - 1];
            var delta = whole[i] - whole[i - 1];
            WriteChange(bits, (model.Order == 2 ? delta - valueDelta : delta) - model.Base, model.RemainderBits);
            valueDelta = delta;
        }
    }

    // Differences around zero, around their mean (a counter), or differences of differences (a straight line).
    private static Model BestModel(long[] whole)
    {
        var mean = whole.Length < 2 ? 0 : (whole[^1] - whole[0]) / (whole.Length - 1);
        var best = Price(whole, 1, 0);
        foreach (var candidate in new[] { Price(whole, 1, mean), Price(whole, 2, 0) })
        {
            if (candidate.Cost < best.Cost)
                best = candidate;
        }

        return best;
    }

    private static Model Price(long[] whole, int order, long expected)
    {
        var changes = new ulong[Math.Max(0, whole.Length - 1)];
        long valueDelta = 0;
        double sum = 0;
        for (var i = 0; i < changes.Length; i++)
        {
            var delta = whole[i + 1] - whole[i];
            changes[i] = Zigzag.Encode((order == 2 ? delta - valueDelta : delta) - expected);
            valueDelta = delta;
            sum += changes[i];
        }

        var near = changes.Length == 0 ? 0 : BitOperations.Log2((ulong)(sum / changes.Length) + 1);
        var best = new Model(order, expected, 0, long.MaxValue);
        // The mean is led astray by outliers, so smaller parameters are tried too.
        for (var bits = Math.Max(0, near - 6); bits <= Math.Min(MostRemainderBits, near + 1); bits++)
        {
            long cost = 0;
            foreach (var change in changes)
                cost += Bits(change, bits);
            if (cost < best.Cost)
                best = best with { RemainderBits = bits, Cost = cost };
        }

        return best;
    }

    private static int Bits(ulong change, int remainderBits) => change >> remainderBits < EscapeOnes
        ? (int)(change >> remainderBits) + 1 + remainderBits
        : EscapeOnes + 6 + 64 - BitOperations.LeadingZeroCount(change);

    private static void WriteChange(BitWriter bits, long change, int remainderBits)
    {
        var zigzag = Zigzag.Encode(change);
        var quotient = zigzag >> remainderBits;
        if (quotient < EscapeOnes)
        {
            bits.Write(((1UL << (int)quotient) - 1) << 1, (int)quotient + 1);
            bits.Write(zigzag & ((1UL << remainderBits) - 1), remainderBits);
            return;
        }

        var length = 64 - BitOperations.LeadingZeroCount(zigzag);
        bits.Write((1UL << EscapeOnes) - 1, EscapeOnes);
        bits.Write((ulong)(length - 1), 6);
        bits.Write(zigzag, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long ReadChange(ref BitReader reader, int remainderBits)
    {
        var ones = reader.ReadOnes(EscapeOnes);
        return Zigzag.Decode(ones == EscapeOnes
            ? reader.Read((int)reader.Read(6) + 1)
            : ((ulong)ones << remainderBits) | reader.Read(remainderBits));
    }

    private readonly record struct Model(int Order, long Base, int RemainderBits, long Cost);
}
