using FsCheck.Xunit;
using Observability.Model;

namespace Observability.Metrics.Tests;

public sealed class ChunkCodecTests
{
    [Property(MaxTest = 500)]
    public bool Chunk_OfAnySamples_ReadsBackBitForBit(int seed)
    {
        var random = new Random(seed);
        var codec = new ChunkCodec();
        var expected = new List<(long, long)>();
        var time = random.NextInt64(-1_000_000_000_000, 4_000_000_000_000);
        var value = 0.0;
        for (var i = 0; i < random.Next(1, 200); i++)
        {
            time += random.Next(4) switch { 0 => 1, 1 => 15_000 + random.Next(-20, 20), 2 => 15_000, _ => random.NextInt64(1, 1L << 40) };
            value = random.Next(6) switch
            {
                0 => value + random.Next(100),
                1 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
                2 => StaleMarker.Value,
                3 => double.NegativeInfinity,
                _ => value,
            };
            codec.Append(time, value);
            expected.Add((time, BitConverter.DoubleToInt64Bits(value)));
        }

        return Decode(codec).SequenceEqual(expected);
    }

    [Property(MaxTest = 500)]
    public bool SealedChunk_OfDecimals_ReadsBackBitForBit(int seed)
    {
        var random = new Random(seed);
        var codec = new ChunkCodec();
        var decimals = random.Next(7);
        var size = Math.Pow(10, random.Next(16));
        var value = 0.0;
        for (var i = 0; i < random.Next(1, 200); i++)
        {
            value = random.Next(20) switch { 0 => 0, 1 => -value, _ => Math.Round(value + (random.NextDouble() * size), decimals) };
            codec.Append((i * 15_000L) + random.Next(50), value);
        }

        var samples = new SampleBuffer();
        var sealedBytes = DecimalCodec.Seal(codec.Bytes, codec.Count);
        DecimalCodec.Decode(sealedBytes, codec.Count, long.MinValue, long.MaxValue, samples);
        return Decode(codec).SequenceEqual(samples.Times.ToArray().Zip(samples.Values.ToArray(), (time, read) => (time, BitConverter.DoubleToInt64Bits(read))))
            && sealedBytes.Length <= codec.ByteCount + 1;
    }

    [Fact]
    public void SealedChunk_OfACounter_TakesLessThanXor()
    {
        var random = new Random(1);
        var codec = new ChunkCodec();
        var value = 1e9;
        for (var i = 0; i < 120; i++)
            codec.Append(i * 15_000L, value += random.Next(1000));
        Assert.True(DecimalCodec.Seal(codec.Bytes, codec.Count).Length < codec.ByteCount * 2 / 3);
    }

    [Fact]
    public void Decode_PartOfTheTime_GivesOnlyThatPart()
    {
        var codec = new ChunkCodec();
        for (var i = 0; i < 10; i++)
            codec.Append(i * 10, i);
        var samples = new SampleBuffer();
        ChunkCodec.Decode(codec.Bytes, codec.Count, 25, 60, samples);
        Assert.Equal([30L, 40, 50, 60], samples.Times.ToArray());
        Assert.Equal([3.0, 4, 5, 6], samples.Values.ToArray());
    }

    [Fact]
    public void Decode_CutBytes_IsNoticed()
    {
        var codec = new ChunkCodec();
        for (var i = 0; i < 10; i++)
            codec.Append(i * 10, i * 1.1);
        var bytes = codec.Bytes[..^3].ToArray();
        Assert.Throws<InvalidDataException>(() => ChunkCodec.Decode(bytes, codec.Count, long.MinValue, long.MaxValue, new SampleBuffer()));
    }

    [Fact]
    public void Chunk_OfASteadyConstantGauge_TakesLittle()
    {
        var codec = new ChunkCodec();
        for (var i = 0; i < 120; i++)
            codec.Append(i * 15_000L, 300.5);
        Assert.InRange(codec.ByteCount, 16, 60);
    }

    private static IEnumerable<(long, long)> Decode(ChunkCodec codec)
    {
        var samples = new SampleBuffer();
        ChunkCodec.Decode(codec.Bytes, codec.Count, long.MinValue, long.MaxValue, samples);
        return samples.Times.ToArray().Zip(samples.Values.ToArray(), (time, value) => (time, BitConverter.DoubleToInt64Bits(value)));
    }
}
