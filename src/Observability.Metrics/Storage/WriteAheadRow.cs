using System.Buffers;
using System.Buffers.Binary;

namespace Observability.Metrics;

/// <summary>
/// One batch on disk: the time of the batch (8 bytes), then per sample
/// <code>
/// head    varint: (zigzag of the series id less the id before, less 1) × 8, plus 4 where the sample is late,
///         2 where its time is not the batch's, 1 where the value is a whole number
/// time    varint: zigzag of its distance in ms, where it differs
/// value   varint: zigzag of the whole number, or the 8 bytes of the double
/// </code>
/// and the CRC-32C of all that. A scrape takes 3 to 10 bytes a sample: ids follow each other, and all have one time.
/// </summary>
internal sealed class WriteAheadRow
{
    private const int BatchBytes = 8;
    private const int ChecksumBytes = 4;
    private const int MostSampleBytes = 10 + 10 + 8;
    private const ulong LateBit = 4;
    private const ulong TimeBit = 2;
    private const ulong WholeBit = 1;

    // Beyond this a varint is no shorter than the double.
    private const double LargestWhole = 1L << 40;

    private readonly long _batchTime;
    private readonly byte[] _bytes;
    private long _lastId;
    private int _length = BatchBytes;

    /// <summary>Begins a row; <see cref="Finish"/> has to end it.</summary>
    public WriteAheadRow(long batchTime, int mostSamples)
    {
        _batchTime = batchTime;
        _bytes = ArrayPool<byte>.Shared.Rent(BatchBytes + (mostSamples * MostSampleBytes) + ChecksumBytes);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes, batchTime);
    }

    public void Add(long seriesId, long time, double value, bool late)
    {
        var whole = (long)value;
        var isWhole = Math.Abs(value) < LargestWhole && BitConverter.DoubleToInt64Bits(whole) == BitConverter.DoubleToInt64Bits(value);
        WriteVarint((Zigzag.Encode(seriesId - _lastId - 1) << 3) | (late ? LateBit : 0) | (time != _batchTime ? TimeBit : 0) | (isWhole ? WholeBit : 0));
        _lastId = seriesId;
        // The difference may leave the range of a long and comes back the same way.
        if (time != _batchTime)
            WriteVarint(Zigzag.Encode(unchecked(time - _batchTime)));
        if (isWhole)
        {
            WriteVarint(Zigzag.Encode(whole));
            return;
        }

        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.AsSpan(_length), value);
        _length += sizeof(double);
    }

    /// <summary>The row; null where nothing was added. Nothing may be added afterwards.</summary>
    public byte[]? Finish()
    {
        byte[]? row = null;
        if (_length > BatchBytes)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_length), SealedChunk.Checksum(_bytes.AsSpan(0, _length)));
            row = _bytes[..(_length + ChecksumBytes)];
        }

        ArrayPool<byte>.Shared.Return(_bytes);
        return row;
    }

    /// <summary>Reads a row back; false, before anything was taken, where it is cut or changed.</summary>
    public static bool TryRead(byte[] bytes, Action<WrittenSample> take)
    {
        var length = bytes.Length - ChecksumBytes;
        if (length < BatchBytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(length)) != SealedChunk.Checksum(bytes.AsSpan(0, length)))
            return false;
        ReadOnlySpan<byte> rest = bytes.AsSpan(0, length);
        var batchTime = BinaryPrimitives.ReadInt64LittleEndian(rest);
        rest = rest[BatchBytes..];
        long id = 0;
        while (rest.Length > 0)
        {
            var head = ReadVarint(ref rest);
            id += Zigzag.Decode(head >> 3) + 1;
            var time = (head & TimeBit) == 0 ? batchTime : unchecked(batchTime + Zigzag.Decode(ReadVarint(ref rest)));
            take(new WrittenSample(id, time, (head & WholeBit) == 0 ? ReadDouble(ref rest) : Zigzag.Decode(ReadVarint(ref rest)), (head & LateBit) != 0));
        }

        return true;
    }

    private void WriteVarint(ulong value)
    {
        while (value >= 0x80)
        {
            _bytes[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _bytes[_length++] = (byte)value;
    }

    // The checksum has said that the bytes are those that were written.
    private static ulong ReadVarint(ref ReadOnlySpan<byte> rest)
    {
        ulong value = 0;
        var i = 0;
        for (var shift = 0; ; shift += 7)
        {
            value |= (ulong)(rest[i] & 0x7F) << shift;
            if (rest[i++] < 0x80)
                break;
        }

        rest = rest[i..];
        return value;
    }

    private static double ReadDouble(ref ReadOnlySpan<byte> rest)
    {
        var value = BinaryPrimitives.ReadDoubleLittleEndian(rest);
        rest = rest[sizeof(double)..];
        return value;
    }

    public readonly record struct WrittenSample(long SeriesId, long Time, double Value, bool Late);
}
