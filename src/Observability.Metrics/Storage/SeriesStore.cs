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
    private const int SeriesPerMemoryCheck = 256;

    private readonly MetricsOptions _options;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<LabelSet, MemorySeries> _byLabels = new();
    private readonly ConcurrentDictionary<string, SeriesHints> _hints = new(StringComparer.Ordinal);
    private readonly LabelIndex _index = new();
    private readonly Lock _createLock = new();
    private readonly PendingWrites _pending;
    private readonly ChunkDatabase? _database;
    private readonly SemaphoreSlim _flushGate = new(1, 1);
    private readonly AppendRules _rules;
    private readonly AppendRules _replay;
    private readonly AppendRules _replayOfLate;
    private long _nextId = 1;
    private long _appended;
    private long _outOfOrder;
    private long _inserted;
    private long _duplicates;
    private long _repeated;
    private long _tooOld;
    private long _refusedBySeriesLimit;
    private long _refusedByMemoryLimit;
    private long _chunkBytes;
    private long _chunkSamples;
    private long _corruptRows;
    private long _unloggedBatches;
    private volatile bool _unloggedSinceCheckpoint;
    private volatile bool _isDegraded;
    private bool _disposed;
    private int _untilMemoryCheck;
    private bool _memoryWasFull;
    private DateTimeOffset? _lastCheckpoint;
    private DateTimeOffset? _lastRetention;

    /// <summary>Opens the store, and reads the file back where there is one.</summary>
    /// <exception cref="IOException">Another process has the file open.</exception>
    public SeriesStore(MetricsOptions options, ILogger<SeriesStore>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _logger = logger ?? NullLogger<SeriesStore>.Instance;
        _pending = new PendingWrites(options.MaxUnflushedBytes);
        Metadata = new MetadataStore(options.MaxMetadataFamilies);
        Exemplars = new ExemplarStore(options.MaxExemplars);
        _rules = new AppendRules(options.SamplesPerChunk, (long)options.OutOfOrderWindow.TotalMilliseconds, Keep);
        _replay = _rules with { Window = 0 };
        _replayOfLate = _rules with { Window = long.MaxValue };
        if (options.DatabasePath is null)
            return;
        var database = new ChunkDatabase(options.DatabasePath);
        Recover(database);
        _database = database;
    }

    /// <summary>Type, help and unit of metric families, as sources said them.</summary>
    public MetadataStore Metadata { get; }

    /// <summary>The newest exemplars.</summary>
    public ExemplarStore Exemplars { get; }

    /// <summary>True while the file cannot be written (disk full, file locked): samples are then in memory only, and writing is tried with each flush.</summary>
    public bool IsDegraded
    {
        get => _isDegraded;
        private set => _isDegraded = value;
    }

    /// <summary>What is held and what was refused.</summary>
    public StoreStatistics Statistics => new()
    {
        SeriesCount = _byLabels.Count,
        SamplesAppended = Interlocked.Read(ref _appended),
        ChunkBytes = Interlocked.Read(ref _chunkBytes),
        ChunkSamples = Interlocked.Read(ref _chunkSamples),
        OutOfOrder = Interlocked.Read(ref _outOfOrder),
        Inserted = Interlocked.Read(ref _inserted),
        Duplicates = Interlocked.Read(ref _duplicates),
        Repeated = Interlocked.Read(ref _repeated),
        TooOld = Interlocked.Read(ref _tooOld),
        RefusedBySeriesLimit = Interlocked.Read(ref _refusedBySeriesLimit),
        RefusedByMemoryLimit = Interlocked.Read(ref _refusedByMemoryLimit),
        CorruptRows = Interlocked.Read(ref _corruptRows),
        UnloggedBatches = Interlocked.Read(ref _unloggedBatches),
    };

    /// <inheritdoc/>
    public void Append(SampleBatch batch) => Take(batch);

    /// <summary>Stores a batch and says what became of it. A refused sample never stops the others.</summary>
    public AppendReport Take(SampleBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var tally = new AppendTally(_database is null ? null : new WriteAheadRow(batch.At.ToUnixTimeMilliseconds(), batch.Samples.Count));
        var hints = SeriesHints.Take(_hints, batch);
        try
        {
            var oldest = (batch.At - _options.Retention).ToUnixTimeMilliseconds();
            for (var i = 0; i < batch.Samples.Count; i++)
                Take(batch.Samples[i], oldest, tally, hints, i);
        }
        finally
        {
            hints?.Return();
        }

        if (Metadata.Add(batch.Metadata) is { Count: > 0 } news && _database is not null)
            _pending.AddMetadata(news);
        Exemplars.Add(batch.Exemplars);
        Count(tally);
        if (tally.Row?.Finish() is { } row && !_pending.TryAddRow(row))
            CountUnlogged(batch);
        return tally.Report();
    }

    /// <summary>
    /// Writes what is new to the file, and applies retention and checkpoints where <paramref name="now"/> says they are
    /// due. In memory-only mode only retention applies. A file that cannot be written (disk full, file locked) is counted and shows
    /// as <see cref="IsDegraded"/>; the samples then wait for the next call.
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
            if (_database is { } database)
                TryWrite(() => database.Write(_pending.Drain(), null), database);
            _database?.Dispose();
            _index.Dispose();
        }
        finally
        {
            _flushGate.Release();
        }
    }

    private void Take(SeriesSample incoming, long oldest, AppendTally tally, SeriesHints? hints, int place)
    {
        var (labels, sample) = incoming;
        if (sample.UnixMilliseconds < oldest)
        {
            tally.Refuse(labels, sample, SampleRefusal.TooOld);
            return;
        }

        if (hints is null || !hints.TryGet(place, labels, out var series))
        {
            if (!_byLabels.TryGetValue(labels, out series) && !TryCreate(labels, out series, out var refusal))
            {
                tally.Refuse(labels, sample, refusal);
                return;
            }

            hints?.Set(place, labels, series);
        }

        Append(series, sample, tally);
    }

    private void Append(MemorySeries series, Sample sample, AppendTally tally)
    {
        var outcome = series.Append(sample.UnixMilliseconds, sample.Value, _rules);
        switch (outcome)
        {
            case AppendOutcome.Appended or AppendOutcome.Inserted:
                tally.Store(series.Id, sample, outcome == AppendOutcome.Inserted);
                break;
            case AppendOutcome.Repeated:
                tally.Repeated++;
                break;
            case AppendOutcome.Retired when TryCreate(series.Labels, out var successor, out _):
                Append(successor, sample, tally);
                break;
            case AppendOutcome.Retired:
                tally.Refuse(series.Labels, sample, SampleRefusal.SeriesLimit);
                break;
            default:
                tally.Refuse(
                    series.Labels, sample, outcome == AppendOutcome.Duplicate ? SampleRefusal.Duplicate : SampleRefusal.OutOfOrder,
                    series.TryGetLast(out var last) ? last.UnixMilliseconds : null);
                break;
        }
    }

    private void Keep(MemorySeries series, ChunkChange change)
    {
        Interlocked.Add(ref _chunkBytes, change.Added.Sum(chunk => (long)chunk.Bytes.Length) - (change.Removed?.Bytes.Length ?? 0));
        Interlocked.Add(ref _chunkSamples, change.Added.Sum(chunk => (long)chunk.Count) - (change.Removed?.Count ?? 0));
        if (_options.DatabasePath is not null)
            _pending.AddChunks(series.Id, change);
    }

    private bool TryCreate(LabelSet labels, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MemorySeries? series, out SampleRefusal refusal)
    {
        refusal = SampleRefusal.SeriesLimit;
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

            if (IsMemoryFull())
            {
                refusal = SampleRefusal.MemoryLimit;
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

    // The heap is asked for once per so many new series: asking costs more than a series does.
    private bool IsMemoryFull()
    {
        if (_options.MaxMemoryBytes <= 0)
            return false;
        if (_untilMemoryCheck-- > 0)
            return false;
        var used = _options.MemoryInUse();
        var full = used >= _options.MaxMemoryBytes;
        _untilMemoryCheck = full ? 0 : SeriesPerMemoryCheck;
        if (full && !_memoryWasFull)
            MetricsLog.MemoryLimit(_logger, used, _options.MaxMemoryBytes);
        _memoryWasFull = full;
        return full;
    }

    private void Count(AppendTally tally)
    {
        Interlocked.Add(ref _appended, tally.Stored);
        Interlocked.Add(ref _inserted, tally.Inserted);
        Interlocked.Add(ref _repeated, tally.Repeated);
        MetricsMetrics.SamplesAppended.Add(tally.Stored);
        if (tally.Inserted > 0)
            MetricsMetrics.SamplesInserted.Add(tally.Inserted);
        if (tally.Repeated > 0)
            MetricsMetrics.SamplesRepeated.Add(tally.Repeated);
        Refuse(ref _refusedBySeriesLimit, tally.RefusedFor(SampleRefusal.SeriesLimit), "series_limit");
        Refuse(ref _refusedByMemoryLimit, tally.RefusedFor(SampleRefusal.MemoryLimit), "memory_limit");
        Refuse(ref _duplicates, tally.RefusedFor(SampleRefusal.Duplicate), "duplicate");
        Refuse(ref _outOfOrder, tally.RefusedFor(SampleRefusal.OutOfOrder), "out_of_order");
        Refuse(ref _tooOld, tally.RefusedFor(SampleRefusal.TooOld), "too_old");
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
        _unloggedSinceCheckpoint = true;
        if (Interlocked.Increment(ref _unloggedBatches) == 1)
            MetricsLog.Unlogged(_logger, _options.MaxUnflushedBytes, batch.Source);
        MetricsMetrics.BatchesUnlogged.Add(1);
    }

    // For tests: what is left behind where the process is killed.
    internal void Abandon() => _database!.Dispose();

    // For tests: a file that may not grow is a full disk to SQLite.
    internal void LimitFile(int pages) => _database!.LimitPages(pages);
}
