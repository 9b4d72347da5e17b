using Observability.Model;

namespace Observability.Metrics;

/// <summary>One series: its sealed chunks, oldest first, and the open one. Safe for one lock holder at a time.</summary>
internal sealed partial class MemorySeries(long id, LabelSet labels)
{
    private readonly Lock _lock = new();
    private readonly ChunkCodec _open = new();
    private SealedChunk[] _sealed = [];
    private long _lastTime = long.MinValue;
    private double _lastValue;
    private bool _retired;

    public long Id { get; } = id;

    public LabelSet Labels { get; } = labels;

    /// <summary>True once the series takes no more samples, because the store has let go of it.</summary>
    public bool IsRetired => Volatile.Read(ref _retired);

    /// <summary>Takes a sample: a newer one at the end, an older one of the window in between.</summary>
    public AppendOutcome Append(long time, double value, AppendRules rules)
    {
        lock (_lock)
        {
            if (_retired)
                return AppendOutcome.Retired;
            if (time == _lastTime && !IsEmpty)
                return SameBits(value, _lastValue) ? AppendOutcome.Repeated : AppendOutcome.Duplicate;
            if (time < _lastTime)
            {
                // The difference as an unsigned number: a sender may write any 64 bits as a time.
                return rules.Window > 0 && (ulong)_lastTime - (ulong)time <= (ulong)rules.Window
                    ? Insert(time, value, rules)
                    : AppendOutcome.OutOfOrder;
            }

            _open.Append(time, value);
            _lastTime = time;
            _lastValue = value;
            if (_open.Count >= rules.SamplesPerChunk)
                Seal(rules);
            return AppendOutcome.Appended;
        }
    }

    /// <summary>Takes a chunk from disk; false where it overlaps what is here.</summary>
    public bool Restore(SealedChunk chunk, double lastValue)
    {
        lock (_lock)
        {
            if (chunk.FirstTime <= _lastTime)
                return false;
            _sealed = [.. _sealed, chunk];
            _lastTime = chunk.LastTime;
            _lastValue = lastValue;
            return true;
        }
    }

    /// <summary>The newest sample; false where there is none.</summary>
    public bool TryGetLast(out Sample last)
    {
        lock (_lock)
        {
            last = new Sample(_lastTime, _lastValue);
            return _lastTime != long.MinValue;
        }
    }

    /// <summary>Adds the samples with <paramref name="from"/> ≤ time ≤ <paramref name="to"/> to a buffer.</summary>
    public void Read(long from, long to, SampleBuffer into)
    {
        SealedChunk[] chunks;
        SampleBuffer? open = null;
        lock (_lock)
        {
            chunks = _sealed;
            if (_open.Count > 0 && _open.FirstTime <= to && _open.LastTime >= from)
            {
                // Rules ask for the last minutes, which the open chunk has alone.
                var isAlone = chunks.Length == 0 || chunks[^1].LastTime < from;
                open = isAlone ? into : new SampleBuffer();
                ChunkCodec.Decode(_open.Bytes, _open.Count, from, to, open);
                if (isAlone)
                    return;
            }
        }

        foreach (var chunk in chunks)
        {
            if (chunk.FirstTime <= to && chunk.LastTime >= from)
                chunk.Decode(from, to, into);
        }

        if (open is not null)
            into.Add(open);
    }

    /// <summary>True where the series has a sample in the range.</summary>
    public bool Overlaps(long from, long to)
    {
        lock (_lock)
        {
            if (_open.Count > 0 && _open.FirstTime <= to && _open.LastTime >= from)
                return true;
            return Array.Exists(_sealed, chunk => chunk.FirstTime <= to && chunk.LastTime >= from);
        }
    }

    /// <summary>A copy of the open chunk; null where it is empty.</summary>
    public SealedChunk? CopyOpen()
    {
        lock (_lock)
            return _open.Count == 0 ? null : new SealedChunk(_open.FirstTime, _open.LastTime, _open.Count, DecimalCodec.WithFormat(_open.Bytes));
    }

    /// <summary>Drops chunks that end before a time; tells their bytes, and whether nothing is left.</summary>
    public long DropBefore(long cutoff, out bool empty)
    {
        lock (_lock)
        {
            long bytes = 0;
            var dropped = 0;
            while (dropped < _sealed.Length && _sealed[dropped].LastTime < cutoff)
                bytes += _sealed[dropped++].Bytes.Length;
            if (dropped > 0)
                _sealed = _sealed[dropped..];
            if (_sealed.Length == 0 && _open.Count > 0 && _open.LastTime < cutoff)
                _open.Clear();
            empty = _sealed.Length == 0 && _open.Count == 0;
            return bytes;
        }
    }

    /// <summary>Refuses samples from now on; false where some came since the series was found empty.</summary>
    public bool TryRetire()
    {
        lock (_lock)
            return _retired = _sealed.Length == 0 && _open.Count == 0;
    }

    public void AddChunkTimes(List<(long LastTime, int Bytes)> into)
    {
        lock (_lock)
        {
            foreach (var chunk in _sealed)
                into.Add((chunk.LastTime, chunk.Bytes.Length));
        }
    }

    private bool IsEmpty => _lastTime == long.MinValue;

    private void Seal(AppendRules rules)
    {
        var finished = new SealedChunk(_open.FirstTime, _open.LastTime, _open.Count, DecimalCodec.Seal(_open.Bytes, _open.Count));
        _sealed = [.. _sealed, finished];
        _open.Clear();
        rules.Changed(this, new ChunkChange([finished], null));
    }
}
