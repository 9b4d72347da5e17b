using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Model;

namespace Observability.Metrics;

/// <summary>
/// Keeps series in bounded memory, and in a SQLite file where one is named. Safe for many readers and writers. Nothing
/// runs by itself: call <see cref="FlushAsync"/> once a second; a crash loses at most what came since the last call.
/// </summary>
public sealed partial class SeriesStore : ISampleAppender, IAsyncDisposable
{
    private readonly MetricsOptions _options;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<LabelSet, MemorySeries> _byLabels = new();
    private readonly LabelIndex _index = new();
    private readonly Lock _createLock = new();
    private readonly PendingWrites _pending;
    private readonly ChunkDatabase? _database;
    private readonly SemaphoreSlim _flushGate = new(1, 1);
    private long _nextId = 1;
    private long _appended;
    private long _outOfOrder;
    private long _duplicates;
    private long _refusedBySeriesLimit;
    private long _chunkBytes;
    private long _chunkSamples;
    private long _corruptRows;
    private long _unloggedBatches;
    private bool _disposed;
    private DateTimeOffset? _lastCheckpoint;
    private DateTimeOffset? _lastRetention;

    /// <summary>Opens the store, and reads the file back where there is one.</summary>
    public SeriesStore(MetricsOptions options, ILogger<SeriesStore>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _logger = logger ?? NullLogger<SeriesStore>.Instance;
        _pending = new PendingWrites(options.MaxUnflushedBytes);
        if (options.DatabasePath is null)
            return;
        var database = new ChunkDatabase(options.DatabasePath);
        Recover(database);
        _database = database;
    }

    /// <summary>What is held and what was refused.</summary>
    public StoreStatistics Statistics => new()
    {
        SeriesCount = _byLabels.Count,
        SamplesAppended = Interlocked.Read(ref _appended),
        ChunkBytes = Interlocked.Read(ref _chunkBytes),
        ChunkSamples = Interlocked.Read(ref _chunkSamples),
        OutOfOrder = Interlocked.Read(ref _outOfOrder),
        Duplicates = Interlocked.Read(ref _duplicates),
        RefusedBySeriesLimit = Interlocked.Read(ref _refusedBySeriesLimit),
        CorruptRows = Interlocked.Read(ref _corruptRows),
        UnloggedBatches = Interlocked.Read(ref _unloggedBatches),
    };

    /// <inheritdoc/>
    public void Append(SampleBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var row = _database is null ? null : new WriteAheadRow(batch.Samples.Count);
        var tally = default(Tally);
        for (var i = 0; i < batch.Samples.Count; i++)
        {
            var (labels, sample) = batch.Samples[i];
            if (!_byLabels.TryGetValue(labels, out var series) && !TryCreate(labels, out series))
                tally.Refused++;
            else
                Append(series, sample, row, ref tally);
        }

        Count(tally);
        if (row is { IsEmpty: false } && !_pending.TryAddRow(row.Finish()))
            CountUnlogged(batch);
    }

    /// <summary>
    /// Writes what is new to the file, and applies retention and checkpoints where <paramref name="now"/> says they are
    /// due. In memory-only mode only retention applies. Throws what SQLite throws (disk full, file locked); the samples
    /// then wait for the next call.
    /// </summary>
    public async Task FlushAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await _flushGate.WaitAsync(cancellationToken);
        try
        {
            await Task.Run(() => Flush(now), cancellationToken);
        }
        finally
        {
            _flushGate.Release();
        }
    }

    /// <summary>Writes what is still in memory, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _flushGate.WaitAsync();
        try
        {
            if (_disposed)
                return;
            _disposed = true;
            _database?.Write(_pending.Drain(), null);
            _database?.Dispose();
            _index.Dispose();
        }
        finally
        {
            _flushGate.Release();
        }
    }

    private void Append(MemorySeries series, Sample sample, WriteAheadRow? row, ref Tally tally)
    {
        switch (series.Append(sample.UnixMilliseconds, sample.Value, _options.SamplesPerChunk, out var finished))
        {
            case AppendOutcome.Appended:
                tally.Appended++;
                row?.Add(series.Id, sample.UnixMilliseconds, sample.Value);
                if (finished is not null)
                    Keep(series, finished);
                break;
            case AppendOutcome.Duplicate:
                tally.Duplicate++;
                break;
            case AppendOutcome.Retired when TryCreate(series.Labels, out var successor):
                Append(successor, sample, row, ref tally);
                break;
            case AppendOutcome.Retired:
                tally.Refused++;
                break;
            default:
                tally.OutOfOrder++;
                break;
        }
    }

    private void Keep(MemorySeries series, SealedChunk finished)
    {
        Interlocked.Add(ref _chunkBytes, finished.Bytes.Length);
        Interlocked.Add(ref _chunkSamples, finished.Count);
        if (_options.DatabasePath is not null)
            _pending.AddChunk(series.Id, finished);
    }

    private bool TryCreate(LabelSet labels, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MemorySeries? series)
    {
        lock (_createLock)
        {
            if (_byLabels.TryGetValue(labels, out series))
                return true;
            if (_byLabels.Count >= _options.MaxSeries)
            {
                if (Interlocked.Read(ref _refusedBySeriesLimit) == 0)
                    MetricsLog.SeriesLimit(_logger, _options.MaxSeries, labels.ToString());
                return false;
            }

            series = new MemorySeries(_nextId++, labels);
            if (_database is not null)
                _pending.AddSeries(series.Id, labels);
            _index.Add(series);
            _byLabels[labels] = series;
            MetricsMetrics.Series.Add(1);
            return true;
        }
    }

    private void Count(Tally tally)
    {
        Interlocked.Add(ref _appended, tally.Appended);
        MetricsMetrics.SamplesAppended.Add(tally.Appended);
        Refuse(ref _refusedBySeriesLimit, tally.Refused, "series_limit");
        Refuse(ref _duplicates, tally.Duplicate, "duplicate");
        Refuse(ref _outOfOrder, tally.OutOfOrder, "out_of_order");
    }

    private static void Refuse(ref long counter, long count, string reason)
    {
        if (count == 0)
            return;
        Interlocked.Add(ref counter, count);
        MetricsMetrics.SamplesRefused.Add(count, MetricsMetrics.Reason(reason));
    }

    private void CountUnlogged(SampleBatch batch)
    {
        if (Interlocked.Increment(ref _unloggedBatches) == 1)
            MetricsLog.Unlogged(_logger, _options.MaxUnflushedBytes, batch.Source);
        MetricsMetrics.BatchesUnlogged.Add(1);
    }

    private struct Tally
    {
        public long Appended;
        public long Duplicate;
        public long OutOfOrder;
        public long Refused;
    }
}
