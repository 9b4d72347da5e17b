using System.Text;

namespace Observability.Testing;

/// <summary>
/// Writes remote-write requests as the specification says, field by field: what a test sends does not come from the code under test.
/// Snappy's block format allows everything to be a literal, so no compressor is needed.
/// </summary>
public static class RemoteWriteBody
{
    /// <summary>A <c>prometheus.WriteRequest</c> of whole series and metadata, compressed.</summary>
    public static byte[] V1(params ReadOnlySpan<byte[]> parts)
    {
        var message = new List<byte>();
        foreach (var part in parts)
            message.AddRange(part);
        return Snappy([.. message]);
    }

    /// <summary>One <c>TimeSeries</c> of 1.0.</summary>
    public static byte[] SeriesV1((string Name, string Value)[] labels, (long Time, double Value)[] samples, params ReadOnlySpan<byte[]> more)
    {
        var series = new List<byte>();
        foreach (var (name, value) in labels)
            Put(series, 1, Label(name, value));
        foreach (var (time, value) in samples)
            Put(series, 2, SampleOf(time, value));
        foreach (var part in more)
            series.AddRange(part);
        var outer = new List<byte>();
        Put(outer, 1, [.. series]);
        return [.. outer];
    }

    /// <summary>An exemplar of a 1.0 series.</summary>
    public static byte[] ExemplarV1(string label, string text, long time, double value)
    {
        var exemplar = new List<byte>();
        Put(exemplar, 1, Label(label, text));
        PutDouble(exemplar, 2, value);
        PutVarint(exemplar, 3, (ulong)time);
        return Nested(3, [.. exemplar]);
    }

    /// <summary>A native histogram of a series; its content does not matter to who refuses it.</summary>
    public static byte[] Histogram(int field) => Nested(field, [8, 1]);

    /// <summary>Metadata of 1.0; types are numbered from 0 for unknown.</summary>
    public static byte[] MetadataV1(int type, string family, string help, string unit)
    {
        var metadata = new List<byte>();
        PutVarint(metadata, 1, (ulong)type);
        Put(metadata, 2, Encoding.UTF8.GetBytes(family));
        Put(metadata, 4, Encoding.UTF8.GetBytes(help));
        Put(metadata, 5, Encoding.UTF8.GetBytes(unit));
        return Nested(3, [.. metadata]);
    }

    /// <summary>An <c>io.prometheus.write.v2.Request</c>, compressed.</summary>
    public static byte[] V2(string[] symbols, params ReadOnlySpan<byte[]> series)
    {
        var message = new List<byte>();
        foreach (var symbol in symbols)
            Put(message, 4, Encoding.UTF8.GetBytes(symbol));
        foreach (var one in series)
            Put(message, 5, one);
        return Snappy([.. message]);
    }

    /// <summary>One <c>TimeSeries</c> of 2.0: references into the symbols, samples, and further fields as they are.</summary>
    public static byte[] SeriesV2(uint[] references, (long Time, double Value)[] samples, params ReadOnlySpan<byte[]> more)
    {
        var series = new List<byte>();
        Put(series, 1, Packed(references));
        foreach (var (time, value) in samples)
            Put(series, 2, SampleOf(time, value));
        foreach (var part in more)
            series.AddRange(part);
        return [.. series];
    }

    /// <summary>An exemplar of a 2.0 series.</summary>
    public static byte[] ExemplarV2(uint[] references, long time, double value)
    {
        var exemplar = new List<byte>();
        Put(exemplar, 1, Packed(references));
        PutDouble(exemplar, 2, value);
        PutVarint(exemplar, 3, (ulong)time);
        return Nested(4, [.. exemplar]);
    }

    /// <summary>Metadata of a 2.0 series.</summary>
    public static byte[] MetadataV2(int type, uint help, uint unit)
    {
        var metadata = new List<byte>();
        PutVarint(metadata, 1, (ulong)type);
        PutVarint(metadata, 3, help);
        PutVarint(metadata, 4, unit);
        return Nested(5, [.. metadata]);
    }

    /// <summary>Snappy's block format with nothing but literals.</summary>
    public static byte[] Snappy(byte[] message)
    {
        var block = new List<byte>();
        Varint(block, (ulong)message.Length);
        for (var at = 0; at < message.Length; at += 60)
        {
            var length = Math.Min(60, message.Length - at);
            block.Add((byte)((length - 1) << 2));
            block.AddRange(message.AsSpan(at, length));
        }

        return [.. block];
    }

    private static byte[] Label(string name, string value)
    {
        var label = new List<byte>();
        Put(label, 1, Encoding.UTF8.GetBytes(name));
        Put(label, 2, Encoding.UTF8.GetBytes(value));
        return [.. label];
    }

    private static byte[] SampleOf(long time, double value)
    {
        var sample = new List<byte>();
        PutDouble(sample, 1, value);
        PutVarint(sample, 2, (ulong)time);
        return [.. sample];
    }

    private static byte[] Packed(uint[] numbers)
    {
        var packed = new List<byte>();
        foreach (var number in numbers)
            Varint(packed, number);
        return [.. packed];
    }

    private static byte[] Nested(int field, byte[] content)
    {
        var outer = new List<byte>();
        Put(outer, field, content);
        return [.. outer];
    }

    private static void Put(List<byte> into, int field, byte[] content)
    {
        Varint(into, ((ulong)field << 3) | 2);
        Varint(into, (ulong)content.Length);
        into.AddRange(content);
    }

    private static void PutDouble(List<byte> into, int field, double value)
    {
        Varint(into, ((ulong)field << 3) | 1);
        into.AddRange(BitConverter.GetBytes(value));
    }

    private static void PutVarint(List<byte> into, int field, ulong value)
    {
        Varint(into, (ulong)field << 3);
        Varint(into, value);
    }

    private static void Varint(List<byte> into, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            into.Add((byte)(value | 0x80));
        into.Add((byte)value);
    }
}
