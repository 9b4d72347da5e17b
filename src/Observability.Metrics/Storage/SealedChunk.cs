using System.Numerics;
using System.Runtime.InteropServices;

namespace Observability.Metrics;

/// <summary>A finished chunk, or a copy of an open one; never changes. The bytes are those of <see cref="DecimalCodec"/>.</summary>
internal sealed record SealedChunk(long FirstTime, long LastTime, int Count, byte[] Bytes)
{
    /// <summary>Adds the samples with <paramref name="from"/> ≤ time ≤ <paramref name="to"/> to a buffer.</summary>
    public void Decode(long from, long to, SampleBuffer into) => DecimalCodec.Decode(Bytes, Count, from, to, into);

    /// <summary>A chunk of samples in order of time; at least one.</summary>
    public static SealedChunk Of(ReadOnlySpan<long> times, ReadOnlySpan<double> values)
    {
        var open = new ChunkCodec();
        for (var i = 0; i < times.Length; i++)
            open.Append(times[i], values[i]);
        return new SealedChunk(open.FirstTime, open.LastTime, open.Count, DecimalCodec.Seal(open.Bytes, open.Count));
    }

    /// <summary>CRC-32C over a blob.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
            sum = BitOperations.Crc32C(sum, word);
        foreach (var b in bytes[(bytes.Length & ~7)..])
            sum = BitOperations.Crc32C(sum, b);
        return ~sum;
    }
}
