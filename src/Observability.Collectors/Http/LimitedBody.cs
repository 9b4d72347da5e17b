using System.Buffers;
using System.IO.Compression;

namespace Observability.Collectors;

/// <summary>Reads a body under a limit that applies after decompression, so that a small bomb cannot fill the memory.</summary>
internal static class LimitedBody
{
    private const int FirstBytes = 16 * 1_024;

    // What a sender announces is believed this far; beyond it the room grows with what really comes.
    private const int MostAnnouncedBytes = 8 * 1_024 * 1_024;

    // Ten bytes of header, two of an empty block, eight of checksum and size.
    private const int SmallestGzip = 20;

    /// <summary>Reads to the end. An announced length (Content-Length) spares the copying from smaller buffers into larger.</summary>
    public static async Task<BodyRead> ReadAsync(
        Stream stream, string? encoding, long limitBytes, CancellationToken cancellationToken, long? announced = null)
    {
        if (!string.IsNullOrEmpty(encoding) && encoding is not ("gzip" or "identity"))
            return new BodyRead([], 0, BodyFault.Broken, $"Content-Encoding '{encoding}' is not supported; send gzip or none");
        var watched = new TailWatcher(stream);
        try
        {
            if (encoding != "gzip")
                return await FillAsync(stream, limitBytes, (int)Math.Clamp(announced ?? 0, FirstBytes, MostAnnouncedBytes) + 1, cancellationToken);
            await using var unzipped = new GZipStream(watched, CompressionMode.Decompress, leaveOpen: true);
            var body = await FillAsync(unzipped, limitBytes, FirstBytes, cancellationToken);
            if (body.Fault != BodyFault.None
                || (watched.Count >= SmallestGzip && watched.SizeMark == (uint)body.Bytes.Length))
            {
                return body;
            }

            body.Dispose();
            return new BodyRead([], 0, BodyFault.Broken, "the gzip body is truncated: its size mark does not match");
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException)
        {
            return new BodyRead([], 0, BodyFault.Broken, $"the gzip body is broken: {fault.Message}");
        }
    }

    private static async Task<BodyRead> FillAsync(Stream stream, long limitBytes, int firstBytes, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(firstBytes);
        var length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length)
                    buffer = Grow(buffer);
                var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
                if (read == 0)
                    return new BodyRead(buffer, length, BodyFault.None, "");
                length += read;
                if (length <= limitBytes)
                    continue;
                ArrayPool<byte>.Shared.Return(buffer);
                return new BodyRead([], 0, BodyFault.TooLarge, $"the body is larger than {limitBytes} bytes");
            }
        }
        catch (Exception)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    // Remembers the last four bytes that passed: a complete gzip member ends with its size modulo 2^32 (RFC 1952).
    // GZipStream alone accepts a stream that ends between two blocks.
    private sealed class TailWatcher(Stream inner) : Stream
    {
        public uint SizeMark { get; private set; }

        public long Count { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            Watch(buffer.AsSpan(offset, inner.Read(buffer, offset, count)));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            return Watch(buffer.Span[..read]);
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int Watch(ReadOnlySpan<byte> bytes)
        {
            Count += bytes.Length;
            foreach (var b in bytes[^Math.Min(4, bytes.Length)..])
                SizeMark = (SizeMark >> 8) | ((uint)b << 24);
            return bytes.Length;
        }
    }
}
