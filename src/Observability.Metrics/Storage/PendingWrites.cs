using Observability.Model;

namespace Observability.Metrics;

/// <summary>What has happened in memory since the last flush. A series is always noted before a row that names it.</summary>
internal sealed class PendingWrites(long maxBytes)
{
    private readonly Lock _lock = new();
    private List<(long Id, LabelSet Labels)> _series = [];
    private List<ChunkWrite> _chunks = [];
    private List<byte[]> _rows = [];
    private List<MetricMetadata> _metadata = [];
    private long _bytes;

    public void AddSeries(long id, LabelSet labels)
    {
        lock (_lock)
            _series.Add((id, labels));
    }

    public void AddMetadata(IReadOnlyList<MetricMetadata> statements)
    {
        lock (_lock)
            _metadata.AddRange(statements);
    }

    public void AddChunks(long seriesId, ChunkChange change)
    {
        lock (_lock)
        {
            if (change.Removed is { } removed && !Array.Exists(change.Added, chunk => chunk.FirstTime == removed.FirstTime))
                _chunks.Add(new ChunkWrite(seriesId, removed.FirstTime, null));
            foreach (var chunk in change.Added)
                _chunks.Add(new ChunkWrite(seriesId, chunk.FirstTime, chunk));
        }
    }

    /// <summary>False where the buffer is full; the row is then lost to a crash.</summary>
    public bool TryAddRow(byte[] row)
    {
        lock (_lock)
        {
            if (_bytes + row.Length > maxBytes)
                return false;
            _rows.Add(row);
            _bytes += row.Length;
            return true;
        }
    }

    public Drained Drain()
    {
        lock (_lock)
        {
            var drained = new Drained(_series, _chunks, _rows, _metadata);
            _series = [];
            _chunks = [];
            _rows = [];
            _metadata = [];
            _bytes = 0;
            return drained;
        }
    }

    /// <summary>Puts back what could not be written, in front of what came since.</summary>
    public void Restore(Drained drained)
    {
        lock (_lock)
        {
            _series = [.. drained.Series, .. _series];
            _chunks = [.. drained.Chunks, .. _chunks];
            _rows = [.. drained.Rows, .. _rows];
            _metadata = [.. drained.Metadata, .. _metadata];
            _bytes = _rows.Sum(row => (long)row.Length);
        }
    }

    public sealed record Drained(
        List<(long Id, LabelSet Labels)> Series, List<ChunkWrite> Chunks, List<byte[]> Rows, List<MetricMetadata> Metadata)
    {
        public bool IsEmpty => Series.Count == 0 && Chunks.Count == 0 && Rows.Count == 0 && Metadata.Count == 0;
    }

    /// <summary>A chunk to write, or to delete where it is null; in the order in which they happened.</summary>
    public readonly record struct ChunkWrite(long SeriesId, long FirstTime, SealedChunk? Chunk);
}
