using System.Numerics;
using Observability.Metrics;

namespace Observability.Benchmarks;

/// <summary>
/// The values of a chunk after Chimp (Liakos et al., VLDB 2022), with our coding of times. Only its size is wanted here, so there is no
/// way back.
/// </summary>
internal static class Chimp
{
    private const int TrailingThreshold = 6;
    private static readonly int[] Rounded = [0, 8, 12, 16, 18, 20, 22, 24];

    public static int Size(ReadOnlySpan<long> times, ReadOnlySpan<double> values)
    {
        var bits = new BitWriter();
        bits.Write((ulong)times[0], 64);
        bits.Write(BitConverter.DoubleToUInt64Bits(values[0]), 64);
        long delta = 0;
        var stored = -1;
        for (var i = 1; i < values.Length; i++)
        {
            var step = times[i] - times[i - 1];
            ChunkCodec.WriteTime(bits, step - delta);
            delta = step;
            Write(bits, BitConverter.DoubleToUInt64Bits(values[i]) ^ BitConverter.DoubleToUInt64Bits(values[i - 1]), ref stored);
        }

        return bits.ByteCount;
    }

    private static void Write(BitWriter bits, ulong change, ref int stored)
    {
        if (change == 0)
        {
            bits.Write(0b00, 2);
            stored = -1;
            return;
        }

        var code = Array.FindLastIndex(Rounded, length => length <= BitOperations.LeadingZeroCount(change));
        var (leading, trailing) = (Rounded[code], BitOperations.TrailingZeroCount(change));
        if (trailing > TrailingThreshold)
        {
            var significant = 64 - leading - trailing;
            bits.Write(0b01, 2);
            bits.Write((ulong)code, 3);
            bits.Write((ulong)significant, 6);
            bits.Write(change >> trailing, significant);
            stored = -1;
            return;
        }

        bits.Write(leading == stored ? 0b10UL : 0b11UL, 2);
        if (leading != stored)
            bits.Write((ulong)code, 3);
        bits.Write(change, 64 - leading);
        stored = leading;
    }
}
