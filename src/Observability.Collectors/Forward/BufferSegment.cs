using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;

namespace Observability.Collectors;

/// <summary>
/// One file of the buffer: entries one after the other, each
/// <code>length of the body u32 | items u32 | kind u8 | CRC-32 of what stands before and of the body u32 | body</code>
/// in little-endian order. Not thread-safe.
/// </summary>
internal sealed class BufferSegment : IDisposable
{
    public const string Extension = ".segment";
    private const int HeadBytes = 13;
    private const int LargestBody = 256 * 1_024 * 1_024;

    private readonly FileStream _file;
    private BufferedEntry? _next;

    private BufferSegment(FileStream file, long number) => (_file, Number) = (file, number);

    /// <summary>Its place in the order.</summary>
    public long Number { get; }

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    /// <summary>Where the first entry that still waits begins.</summary>
    public long Sent { get; private set; }

    /// <summary>Samples and events that wait in it.</summary>
    public long Items { get; private set; }

    public static BufferSegment Create(string folder, long number) =>
        new(new FileStream(Path.Combine(folder, number.ToString("D12", CultureInfo.InvariantCulture) + Extension), FileMode.Create, FileAccess.ReadWrite, FileShare.Read), number);

    /// <summary>
    /// Opens a segment of an earlier run; null, and deleted, where all of it was sent. A torn end is cut off.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="first">Number of the segment that the cursor stands in.</param>
    /// <param name="offset">Where in it.</param>
    /// <param name="damaged">Bytes that were cut off.</param>
    public static BufferSegment? Open(string path, long first, long offset, out long damaged)
    {
        damaged = 0;
        if (!long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < first)
        {
            File.Delete(path);
            return null;
        }

        var segment = new BufferSegment(new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read), number);
        var whole = segment._file.Length;
        while (segment.ReadAt(segment.Length) is { } entry)
        {
            segment.Length += HeadBytes + entry.Body.Length;
            if (number == first && segment.Length <= offset)
                segment.Sent = segment.Length;
            else
                segment.Items += entry.Items;
        }

        damaged = whole - segment.Length;
        if (damaged > 0)
            segment._file.SetLength(segment.Length);
        return segment;
    }

    public bool IsFull(long limit) => Length >= limit;

    public void Append(BufferedEntry entry)
    {
        var bytes = new byte[HeadBytes + entry.Body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, entry.Body.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), entry.Items);
        bytes[8] = (byte)entry.Kind;
        entry.Body.CopyTo(bytes, HeadBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(9), Checksum(bytes.AsSpan(0, 9), entry.Body));
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, bytes, Length);
        }
        catch (IOException)
        {
            // Half an entry would hide every later one.
            _file.SetLength(Length);
            throw;
        }

        Length += bytes.Length;
        Items += entry.Items;
    }

    /// <summary>The first entry that waits; null at the end, and where the bytes are no entry.</summary>
    public BufferedEntry? Peek() => Sent >= Length ? null : _next ??= ReadAt(Sent);

    public void Take()
    {
        if (Peek() is not { } entry)
            return;
        Sent += HeadBytes + entry.Body.Length;
        Items -= entry.Items;
        _next = null;
    }

    public void Flush() => RandomAccess.FlushToDisk(_file.SafeFileHandle);

    public void Delete()
    {
        Dispose();
        File.Delete(_file.Name);
    }

    public void Dispose() => _file.Dispose();

    private BufferedEntry? ReadAt(long offset)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        if (RandomAccess.Read(_file.SafeFileHandle, head, offset) < HeadBytes)
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length is < 0 or > LargestBody)
            return null;
        var body = new byte[length];
        var read = 0;
        while (read < length && RandomAccess.Read(_file.SafeFileHandle, body.AsSpan(read), offset + HeadBytes + read) is > 0 and var more)
            read += more;
        return read == length && Checksum(head[..9], body) == BinaryPrimitives.ReadUInt32LittleEndian(head[9..])
            ? new BufferedEntry((BufferedKind)head[8], BinaryPrimitives.ReadInt32LittleEndian(head[4..]), body)
            : null;
    }

    private static uint Checksum(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        var sum = new Crc32();
        sum.Append(head);
        sum.Append(body);
        return sum.GetCurrentHashAsUInt32();
    }
}
