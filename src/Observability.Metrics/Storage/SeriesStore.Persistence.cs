namespace Observability.Metrics;

/// <summary>Flush, checkpoint, retention and recovery.</summary>
public sealed partial class SeriesStore
{
    private void Flush(DateTimeOffset now)
    {
        if (_database is not null)
            Write(now, _database);
        if (_lastRetention is { } last && now - last < _options.RetentionInterval)
            return;
        _lastRetention = now;
        ApplyRetention(now);
    }

    private void Write(DateTimeOffset now, ChunkDatabase database)
    {
        _lastCheckpoint ??= now;
        List<PendingWrites.ChunkWrite>? heads = null;
        // Batches that found no room in the write-ahead buffer are safe again once the heads are saved.
        if (now - _lastCheckpoint >= _options.CheckpointInterval || (_unloggedSinceCheckpoint && !IsDegraded))
        {
            // Heads are copied before the pending rows are taken: a sample that arrives in between is in both, and the
            // second copy is skipped when the file is read back.
            heads = CopyHeads();
            _lastCheckpoint = now;
        }

        var pending = _pending.Drain();
        if (pending.IsEmpty && heads is null)
            return;
        if (TryWrite(() => database.Write(pending, heads), database))
        {
            _unloggedSinceCheckpoint &= heads is null;
            return;
        }

        _pending.Restore(pending);
        // The heads that could not be saved are due again with the next attempt.
        if (heads is not null)
            _lastCheckpoint = DateTimeOffset.MinValue;
    }

    // A full disk, a locked or a broken file: the store goes on in memory, says so once, and tries again with the next flush.
    private bool TryWrite(Action write, ChunkDatabase database)
    {
        try
        {
            write();
        }
        catch (Exception fault) when (fault is Microsoft.Data.Sqlite.SqliteException or IOException)
        {
            MetricsMetrics.FlushesFailed.Add(1);
            if (!IsDegraded)
                MetricsLog.Degraded(_logger, database.Path, fault.Message);
            IsDegraded = true;
            return false;
        }

        if (IsDegraded)
            MetricsLog.Restored(_logger, database.Path);
        IsDegraded = false;
        return true;
    }

    private List<PendingWrites.ChunkWrite> CopyHeads()
    {
        var heads = new List<PendingWrites.ChunkWrite>();
        foreach (var series in _index.All())
        {
            if (series.CopyOpen() is { } open)
                heads.Add(new PendingWrites.ChunkWrite(series.Id, open.FirstTime, open));
        }

        return heads;
    }

    private void ApplyRetention(DateTimeOffset now)
    {
        var all = _index.All();
        var cutoff = Math.Max((now - _options.Retention).ToUnixTimeMilliseconds(), CutoffForSize(all));
        var gone = new List<MemorySeries>();
        long bytes = 0;
        foreach (var series in all)
        {
            bytes += series.DropBefore(cutoff, out var empty);
            if (empty)
                gone.Add(series);
        }

        Interlocked.Add(ref _chunkBytes, -bytes);
        Forget(gone);
        // What could not be deleted is deleted with the next retention, or skipped as too old when the file is opened.
        if ((bytes > 0 || gone.Count > 0) && _database is { } database)
            TryWrite(() => database.Delete(cutoff, gone), database);
    }

    // The end of the newest chunk that has to go, plus one; or the beginning of time.
    private long CutoffForSize(MemorySeries[] all)
    {
        var excess = Interlocked.Read(ref _chunkBytes) - _options.MaxChunkBytes;
        if (excess <= 0)
            return long.MinValue;
        var chunks = new List<(long LastTime, int Bytes)>();
        foreach (var series in all)
            series.AddChunkTimes(chunks);
        chunks.Sort();
        foreach (var (lastTime, size) in chunks)
        {
            excess -= size;
            if (excess <= 0)
                return lastTime + 1;
        }

        return long.MinValue;
    }

    private void Forget(List<MemorySeries> gone)
    {
        if (gone.Count == 0)
            return;
        lock (_createLock)
        {
            // A series that got a sample since stays.
            gone.RemoveAll(series => !series.TryRetire());
            foreach (var series in gone)
                _byLabels.TryRemove(series.Labels, out _);
            _index.Remove(gone);
        }

        MetricsMetrics.Series.Add(-gone.Count);
    }

    private void Recover(ChunkDatabase database)
    {
        var byId = new Dictionary<long, MemorySeries>();
        foreach (var (id, labels) in database.ReadSeries())
        {
            _nextId = Math.Max(_nextId, id + 1);
            if (labels is null)
            {
                CountCorrupt(database, "series", id, "labels are not a JSON object of strings");
                continue;
            }

            var series = new MemorySeries(id, labels);
            if (_byLabels.TryAdd(labels, series))
            {
                byId.Add(id, series);
                _index.Add(series);
            }
        }

        MetricsMetrics.Series.Add(byId.Count);
        var chunks = 0;
        foreach (var (id, chunk) in database.ReadChunks(heads: false))
            chunks += RestoreChunk(database, byId, id, chunk) ? 1 : 0;
        foreach (var (id, head) in database.ReadChunks(heads: true))
            ReplayHead(database, byId, id, head);
        var rows = 0;
        foreach (var row in database.ReadRows())
        {
            rows++;
            if (!WriteAheadRow.TryRead(row, sample => Replay(byId, sample)))
                CountCorrupt(database, "wal", 0, "checksum or length is wrong");
        }

        Metadata.Add([.. database.ReadMetadata()]);
        MetricsLog.Recovered(_logger, database.Path, byId.Count, chunks, rows);
    }

    private bool RestoreChunk(ChunkDatabase database, Dictionary<long, MemorySeries> byId, long id, SealedChunk? chunk)
    {
        if (!byId.TryGetValue(id, out var series) || Decode(database, "chunks", id, chunk) is not { } samples)
            return false;
        if (!series.Restore(chunk!, samples.Values[^1]))
            return false;
        _chunkBytes += chunk!.Bytes.Length;
        _chunkSamples += chunk.Count;
        return true;
    }

    private void ReplayHead(ChunkDatabase database, Dictionary<long, MemorySeries> byId, long id, SealedChunk? head)
    {
        if (Decode(database, "heads", id, head) is not { } samples)
            return;
        for (var i = 0; i < samples.Count; i++)
            Replay(byId, new WriteAheadRow.WrittenSample(id, samples.Times[i], samples.Values[i], false));
    }

    private SampleBuffer? Decode(ChunkDatabase database, string table, long id, SealedChunk? chunk)
    {
        var samples = new SampleBuffer();
        var reason = chunk is null ? "checksum is wrong" : null;
        try
        {
            chunk?.Decode(long.MinValue, long.MaxValue, samples);
        }
        catch (InvalidDataException fault)
        {
            reason = fault.Message;
        }

        if (reason is null && samples.Count > 0)
            return samples;
        CountCorrupt(database, table, id, reason ?? "chunk is empty");
        return null;
    }

    // What is not newer than the sealed chunks is in them, unless it is marked as late: then it is looked for.
    private void Replay(Dictionary<long, MemorySeries> byId, WriteAheadRow.WrittenSample sample)
    {
        if (byId.TryGetValue(sample.SeriesId, out var series))
            series.Append(sample.Time, sample.Value, sample.Late ? _replayOfLate : _replay);
    }

    private void CountCorrupt(ChunkDatabase database, string table, long id, string reason)
    {
        Interlocked.Increment(ref _corruptRows);
        MetricsMetrics.RowsCorrupt.Add(1);
        MetricsLog.CorruptRow(_logger, table, id, database.Path, reason);
    }
}
