namespace Observability.Metrics.Tests;

public sealed class BitReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Read_WhatWasWritten_InAnyWidths_ComesBack(int seed)
    {
        var random = new Random(seed);
        var parts = Enumerable.Range(0, 2_000).Select(_ => (Value: (ulong)random.NextInt64(long.MinValue, long.MaxValue), Width: random.Next(0, 65))).ToList();
        var writer = new BitWriter();
        foreach (var (value, width) in parts)
            writer.Write(value, width);
        var reader = new BitReader(writer.Bytes);

        foreach (var (value, width) in parts)
            Assert.Equal(width == 0 ? 0 : value & (ulong.MaxValue >> (64 - width)), reader.Read(width));
    }

    [Fact]
    public void ReadOnes_StopsBehindTheZeroOrAtTheMost()
    {
        var random = new Random(4);
        var runs = Enumerable.Range(0, 1_000).Select(_ => random.Next(0, 17)).ToList();
        var writer = new BitWriter();
        foreach (var ones in runs)
        {
            writer.Write(ulong.MaxValue, ones);
            writer.Write(0, ones < 16 ? 1 : 0);
        }

        var reader = new BitReader(writer.Bytes);
        foreach (var ones in runs)
            Assert.Equal(ones, reader.ReadOnes(16));
    }

    [Fact]
    public void Read_BeyondTheEnd_IsRefusedAtEveryLength()
    {
        for (var bytes = 0; bytes < 20; bytes++)
        {
            var data = new byte[bytes];
            Array.Fill(data, (byte)0xFF);
            Assert.Throws<InvalidDataException>(() => ReadAll(data, data.Length * 8));
            Assert.Throws<InvalidDataException>(() => ReadAllOnes(data, data.Length));
        }
    }

    private static void ReadAllOnes(byte[] data, int times)
    {
        var reader = new BitReader(data);
        for (var i = 0; i <= times; i++)
            reader.ReadOnes(16);
    }

    private static void ReadAll(byte[] data, int bits)
    {
        var reader = new BitReader(data);
        for (var i = 0; i < bits; i++)
            Assert.Equal(1UL, reader.Read(1));
        reader.Read(1);
    }
}
