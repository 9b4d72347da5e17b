namespace Observability.Metrics.Tests;

public sealed class WriteAheadRowTests
{
    private static readonly double[] s_values =
    [
        0, -0.0, 1, -1, 0.1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.Epsilon,
        (1L << 40) - 1, 1L << 40, -(1L << 40), 1e300, BitConverter.Int64BitsToDouble(0x7ff0000000000002),
    ];

    [Fact]
    public void Read_WhatWasWritten_IsTheSameToTheBit()
    {
        var random = new Random(20261127);
        var samples = Enumerable.Range(0, 500).Select(i => new WriteAheadRow.WrittenSample(
            random.Next(4) == 0 ? random.NextInt64(1, 1L << 40) : i,
            random.Next(3) switch { 0 => 1_700_000_000_000, 1 => random.NextInt64(), _ => long.MinValue + i },
            s_values[i % s_values.Length], random.Next(2) == 0)).ToList();
        var row = new WriteAheadRow(1_700_000_000_000, samples.Count);
        foreach (var sample in samples)
            row.Add(sample.SeriesId, sample.Time, sample.Value, sample.Late);

        var read = new List<WriteAheadRow.WrittenSample>();
        Assert.True(WriteAheadRow.TryRead(row.Finish()!, read.Add));

        Assert.Equal(samples.Select(Bits), read.Select(Bits));
    }

    [Fact]
    public void Read_AnyByteChangedOrCutOff_IsRefusedWhole()
    {
        var row = new WriteAheadRow(0, 3);
        for (var i = 0; i < 3; i++)
            row.Add(i, i, i / 3.0, late: false);
        var bytes = row.Finish()!;

        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = bytes.ToArray();
            changed[i] ^= 0x10;
            Assert.False(WriteAheadRow.TryRead(changed, Unexpected));
            Assert.False(WriteAheadRow.TryRead(bytes[..i], Unexpected));
        }
    }

    [Fact]
    public void Finish_WithoutSamples_GivesNoRow() => Assert.Null(new WriteAheadRow(0, 10).Finish());

    [Fact]
    public void Add_ScrapeOfWholeNumbers_TakesAFewBytesEach()
    {
        var row = new WriteAheadRow(1_700_000_000_000, 1_000);
        for (var i = 0; i < 1_000; i++)
            row.Add(7_000_000 + i, 1_700_000_000_000, i % 100, late: false);

        Assert.InRange(row.Finish()!.Length, 2_000, 3_100);
    }

    private static void Unexpected(WriteAheadRow.WrittenSample sample) => Assert.Fail($"took {sample} from a damaged row");

    private static (long Series, long Time, long Value, bool Late) Bits(WriteAheadRow.WrittenSample sample) =>
        (sample.SeriesId, sample.Time, BitConverter.DoubleToInt64Bits(sample.Value), sample.Late);
}
