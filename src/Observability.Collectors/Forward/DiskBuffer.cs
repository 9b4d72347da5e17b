using Microsoft.Extensions.Logging;

namespace Observability.Collectors;

/// <summary>
/// A bounded queue of requests in files, first in first out, that survives a restart and kill -9. Segments are only appended to; the
/// oldest goes as a whole once it was sent, or once there is no room. What was taken but not yet noted as taken before a crash comes
/// again: who receives must not mind. Thread-safe.
/// </summary>
internal sealed class DiskBuffer : IDisposable
{
    private const int SmallestSegment = 64 * 1_024;
    private const int LargestSegment = 16 * 1_024 * 1_024;

    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly long _limit;
    private readonly long _segmentBytes;
    private readonly ILogger _log;
    private readonly List<BufferSegment> _segments = [];
    private readonly string _cursorPath;
    private readonly FileStream _lock;

    /// <summary>Opens the buffer with everything that an earlier run left in its folder. Throws <see cref="IOException"/> where another process has it open.</summary>
    public DiskBuffer(string folder, long limitBytes, ILogger log)
    {
        (_folder, _limit, _log) = (folder, limitBytes, log);
        _segmentBytes = Math.Clamp(limitBytes / 16, SmallestSegment, LargestSegment);
        Directory.CreateDirectory(folder);
        _lock = Hold(Path.Combine(folder, "lock"));
        _cursorPath = Path.Combine(folder, "cursor");
        var (first, offset) = ReadCursor();
        foreach (var path in Directory.GetFiles(folder, "*" + BufferSegment.Extension).Order(StringComparer.Ordinal))
            Resume(path, first, offset);
    }

    /// <summary>Bytes on disk.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
                return _segments.Sum(segment => segment.Length);
        }
    }

    /// <summary>Samples and events that wait.</summary>
    public long Items
    {
        get
        {
            lock (_gate)
                return _segments.Sum(segment => segment.Items);
        }
    }

    /// <summary>Appends a request; where the disk refuses it, it is lost and counted, and what is there stays.</summary>
    public void Append(BufferedEntry entry)
    {
        lock (_gate)
        {
            try
            {
                if (_segments.Count == 0 || _segments[^1].IsFull(_segmentBytes))
                    _segments.Add(BufferSegment.Create(_folder, _segments.Count == 0 ? ReadCursor().Segment + 1 : _segments[^1].Number + 1));
                _segments[^1].Append(entry);
                while (_segments.Count > 1 && _segments.Sum(segment => segment.Length) > _limit)
                    DropOldest("full");
            }
            catch (IOException fault)
            {
                CollectorsMetrics.Dropped("disk", entry.Items);
                CollectorsLog.BufferFailed(_log, _folder, fault.Message);
            }
        }
    }

    /// <summary>The oldest request, or null where nothing waits.</summary>
    public BufferedEntry? Peek()
    {
        lock (_gate)
        {
            while (_segments.Count > 0)
            {
                if (_segments[0].Peek() is { } entry)
                    return entry;
                if (_segments[0].Items > 0)
                {
                    // What is left of it cannot be read: a torn end, or a disk that lies.
                    DropOldest("damaged");
                    continue;
                }

                if (_segments.Count == 1)
                    return null;
                Remove();
            }

            return null;
        }
    }

    /// <summary>Takes away what <see cref="Peek"/> gave; nothing where it was dropped meanwhile.</summary>
    public void Take(BufferedEntry entry)
    {
        lock (_gate)
        {
            if (_segments.Count > 0 && ReferenceEquals(_segments[0].Peek(), entry))
                _segments[0].Take();
        }
    }

    /// <summary>Makes sure that what was appended is on disk, and notes how far the buffer is sent.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            try
            {
                if (_segments.Count == 0)
                    return;
                _segments[^1].Flush();
                var fresh = _cursorPath + ".new";
                File.WriteAllText(fresh, $"{_segments[0].Number} {_segments[0].Sent}");
                File.Move(fresh, _cursorPath, overwrite: true);
            }
            catch (IOException fault)
            {
                CollectorsLog.BufferFailed(_log, _folder, fault.Message);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Flush();
        lock (_gate)
        {
            foreach (var segment in _segments)
                segment.Dispose();
            _segments.Clear();
        }

        _lock.Dispose();
    }

    // Two processes that append to the same files would spoil both.
    private static FileStream Hold(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault)
        {
            throw new IOException($"{path} is held by another process, or cannot be written; give each agent a folder of its own", fault);
        }
    }

    private void Resume(string path, long first, long offset)
    {
        try
        {
            var segment = BufferSegment.Open(path, first, offset, out var damaged);
            if (damaged > 0)
            {
                CollectorsMetrics.Dropped("damaged", 1);
                CollectorsLog.BufferDamaged(_log, path, damaged);
            }

            if (segment is not null)
                _segments.Add(segment);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            CollectorsLog.BufferFailed(_log, path, fault.Message);
        }
    }

    private void DropOldest(string reason)
    {
        CollectorsMetrics.Dropped(reason, _segments[0].Items);
        CollectorsLog.BufferDropped(_log, _segments[0].Items, reason);
        Remove();
    }

    private void Remove()
    {
        _segments[0].Delete();
        _segments.RemoveAt(0);
    }

    private (long Segment, long Offset) ReadCursor()
    {
        if (!File.Exists(_cursorPath))
            return (0, 0);
        return File.ReadAllText(_cursorPath).Split(' ') is [var segment, var offset] && long.TryParse(segment, out var number) && long.TryParse(offset, out var sent)
            ? (number, sent)
            : (0, 0);
    }
}
