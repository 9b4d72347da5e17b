using System.Buffers.Binary;

namespace Observability.Metrics;

/// <summary>
/// One batch on disk: per sample the series id (4 bytes), the time (8) and the value (8), then the CRC-32C of all that. The
/// highest bit of the id marks a sample that came after newer ones.
/// </summary>
internal sealed class WriteAheadRow(int expectedSamples)
{
    private const int SampleBytes = 20;
    private const int ChecksumBytes = 4;
    private const uint LateBit = 1U << 31;

    private readonly byte[] _bytes = new byte[(expectedSamples * SampleBytes) + ChecksumBytes];
    private int _length;

    public bool IsEmpty => _length == 0;

    public void Add(long seriesId, long time, double value, bool late)
    {
        var target = _bytes.AsSpan(_length, SampleBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)checked((int)seriesId) | (late ? LateBit : 0));
        BinaryPrimitives.WriteInt64LittleEndian(target[4..], time);
        BinaryPrimitives.WriteDoubleLittleEndian(target[12..], value);
        _length += SampleBytes;
    }

    public byte[] Finish()
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_length), SealedChunk.Checksum(_bytes.AsSpan(0, _length)));
        return _bytes[..(_length + ChecksumBytes)];
    }

    /// <summary>Reads a row back; false where it is cut or changed.</summary>
    public static bool TryRead(byte[] bytes, Action<WrittenSample> take)
    {
        var length = bytes.Length - ChecksumBytes;
        if (length < 0 || length % SampleBytes != 0
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(length)) != SealedChunk.Checksum(bytes.AsSpan(0, length)))
            return false;
        for (var i = 0; i < length; i += SampleBytes)
        {
            var id = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(i));
            take(new WrittenSample(
                id & ~LateBit,
                BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(i + 4)),
                BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(i + 12)),
                (id & LateBit) != 0));
        }

        return true;
    }

    public readonly record struct WrittenSample(long SeriesId, long Time, double Value, bool Late);
}
