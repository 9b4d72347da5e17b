using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Storage;

/// <summary>
/// The journal in one SQLite file. Opening it begins a new epoch, which fences every process that opened it before:
/// their next append fails with <see cref="JournalFencedException"/> and writes nothing.
/// </summary>
public sealed class SqliteJournal : IJournal, IAsyncDisposable
{
    // A journal in memory is shared between connections by its name.
    private static long _memories;
    private readonly SqliteConnection _connection;
    private readonly JournalReader _reader;
    private readonly SemaphoreSlim _writer = new(1, 1);
    private long _lastSequence;

    private SqliteJournal(SqliteConnection connection, JournalReader reader, long epoch, long last)
    {
        (_connection, _reader, Epoch, _lastSequence) = (connection, reader, epoch, last);
    }

    /// <summary>This process's epoch.</summary>
    public long Epoch { get; }

    /// <summary>Sequence of the newest record that this process knows of; 0 in an empty journal.</summary>
    public long LastSequence => Volatile.Read(ref _lastSequence);

    /// <summary>Records found damaged, at opening (the tail) or while reading. Not empty: do not act unattended.</summary>
    public IReadOnlyList<JournalDamage> Damages => _reader.Damages;

    /// <summary>Opens or creates the file, begins a new epoch and checks the newest records. An empty path keeps it in memory.</summary>
    /// <exception cref="SqliteException">The file cannot be opened, or is not a journal.</exception>
    public static async Task<SqliteJournal> OpenAsync(
        string path, JournalOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        if (path.Length == 0)
            path = JournalSchema.MemoryPrefix + Interlocked.Increment(ref _memories);
        var connection = new SqliteConnection(JournalSchema.ConnectionString(path, options, SqliteOpenMode.ReadWriteCreate));
        try
        {
            await connection.OpenAsync(cancellationToken);
            JournalSchema.Create(connection);
            var epoch = JournalSchema.BeginEpoch(connection);
            var journal = new SqliteJournal(
                connection, new JournalReader(path, options, logger), epoch, JournalSchema.LastSequence(connection));
            await journal._reader.CheckTailAsync(journal.LastSequence, cancellationToken);
            StorageLog.JournalOpened(logger, path, epoch, journal.LastSequence);
            return journal;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<JournalRecord>> AppendAsync(
        IReadOnlyList<JournalEntry> entries, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Count == 0)
            return [];
        await _writer.WaitAsync(cancellationToken);
        try
        {
            return Append(entries, at);
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<JournalRecord> ReadAsync(long afterSequence, CancellationToken cancellationToken) =>
        _reader.ReadAsync(afterSequence, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _writer.Dispose();
    }

    private List<JournalRecord> Append(IReadOnlyList<JournalEntry> entries, DateTimeOffset at)
    {
        // Not deferred: the write lock is taken before the epoch is read, so that no other process can begin one in between.
        using var transaction = _connection.BeginTransaction(deferred: false);
        var current = JournalSchema.Epoch(_connection);
        if (current != Epoch)
        {
            StorageMetrics.AppendsFenced.Add(1);
            throw new JournalFencedException(Epoch, current);
        }

        var records = new List<JournalRecord>(entries.Count);
        using var insert = CreateInsert(transaction);
        foreach (var entry in entries)
        {
            var record = new JournalRecord(_lastSequence + records.Count + 1, Epoch, at.ToUniversalTime(), entry);
            Insert(insert, JournalRow.Of(record));
            records.Add(record);
        }

        SetLast(transaction, records[^1].Sequence);
        transaction.Commit();
        Volatile.Write(ref _lastSequence, records[^1].Sequence);
        StorageMetrics.RecordsAppended.Add(records.Count);
        return records;
    }

    private SqliteCommand CreateInsert(SqliteTransaction transaction)
    {
        var command = _connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO records VALUES ($sequence, $epoch, $at, $body, $checksum)";
        foreach (var name in (string[])["$sequence", "$epoch", "$at", "$checksum"])
            command.Parameters.Add(name, SqliteType.Integer);
        command.Parameters.Add("$body", SqliteType.Blob);
        command.Prepare();
        return command;
    }

    private static void Insert(SqliteCommand command, JournalRow row)
    {
        command.Parameters["$sequence"].Value = row.Sequence;
        command.Parameters["$epoch"].Value = row.Epoch;
        command.Parameters["$at"].Value = row.AtTicks;
        command.Parameters["$checksum"].Value = row.Checksum;
        command.Parameters["$body"].Value = row.Body;
        command.ExecuteNonQuery();
    }

    private void SetLast(SqliteTransaction transaction, long sequence)
    {
        using var command = _connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "UPDATE leader SET last = $last";
        command.Parameters.AddWithValue("$last", sequence);
        command.ExecuteNonQuery();
    }
}
