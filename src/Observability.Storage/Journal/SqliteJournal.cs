using System.IO.Hashing;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Storage;

/// <summary>
/// The journal in one SQLite file. An append is one durable transaction; opening begins a new epoch and fences every
/// earlier writer, which learns of it at its next append.
/// </summary>
public sealed class SqliteJournal : IJournal, IAsyncDisposable
{
    private readonly SqliteConnection _connection;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly string _path;
    private long _sequence;

    private SqliteJournal(SqliteConnection connection, string path, long epoch, ILogger logger)
    {
        (_connection, _path, Epoch, _logger) = (connection, path, epoch, logger);
        _sequence = Scalar("SELECT coalesce(max(sequence), 0) FROM journal");
    }

    /// <summary>The epoch this process writes under.</summary>
    public long Epoch { get; }

    /// <summary>Sequence number of the newest record; 0 for an empty journal.</summary>
    public long LastSequence => Interlocked.Read(ref _sequence);

    /// <summary>Opens a journal, creating the file where it is absent, and begins a new epoch.</summary>
    /// <param name="path">Path of the file; an empty text keeps the journal in memory.</param>
    /// <param name="logger">Told of damaged records.</param>
    public static SqliteJournal Open(string path, ILogger logger)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path.Length == 0 ? ":memory:" : path,
            Pooling = false,
        }.ToString());
        connection.Open();
        // WAL with FULL: an append returns only after the log is on disk, so a power cut loses nothing that was acted on.
        Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000;");
        Execute(connection, """
            CREATE TABLE IF NOT EXISTS journal(
              sequence INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL, checksum INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS leader(one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL);
            INSERT INTO leader(one, epoch) VALUES (1, 1) ON CONFLICT(one) DO UPDATE SET epoch = epoch + 1;
            """);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT epoch FROM leader";
        return new SqliteJournal(connection, path, (long)command.ExecuteScalar()!, logger);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<JournalRecord>> AppendAsync(
        IReadOnlyList<JournalEntry> entries, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return Append(entries, at);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<JournalRecord> ReadAsync(
        long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = afterSequence;
        while (true)
        {
            var page = await PageAsync(after, cancellationToken);
            foreach (var record in page.Records)
                yield return record;
            if (page.Last == after)
                yield break;
            after = page.Last;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _gate.Dispose();
    }

    private List<JournalRecord> Append(IReadOnlyList<JournalEntry> entries, DateTimeOffset at)
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        var current = Scalar("SELECT epoch FROM leader", transaction);
        if (current != Epoch)
            throw new JournalFencedException(Epoch, current);
        using var insert = _connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = "INSERT INTO journal(sequence, epoch, at, body, checksum) VALUES ($s, $e, $a, $b, $c)";
        var sequence = insert.Parameters.Add("$s", SqliteType.Integer);
        insert.Parameters.AddWithValue("$e", Epoch);
        insert.Parameters.AddWithValue("$a", at.UtcTicks);
        var body = insert.Parameters.Add("$b", SqliteType.Blob);
        var checksum = insert.Parameters.Add("$c", SqliteType.Integer);
        var records = new List<JournalRecord>(entries.Count);
        var next = _sequence;
        foreach (var entry in entries)
        {
            var bytes = JournalJson.Write(entry);
            (sequence.Value, body.Value, checksum.Value) = (++next, bytes, (long)Crc32.HashToUInt32(bytes));
            insert.ExecuteNonQuery();
            records.Add(new JournalRecord(next, Epoch, at, entry));
        }

        transaction.Commit();
        Interlocked.Exchange(ref _sequence, next);
        StorageMetrics.Appended.Add(entries.Count);
        return records;
    }

    private async Task<(List<JournalRecord> Records, long Last)> PageAsync(long after, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return Page(after);
        }
        finally
        {
            _gate.Release();
        }
    }

    private (List<JournalRecord> Records, long Last) Page(long after)
    {
        const int pageSize = 1_000;
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT sequence, epoch, at, body, checksum FROM journal WHERE sequence > $after ORDER BY sequence LIMIT $size";
        command.Parameters.AddWithValue("$after", after);
        command.Parameters.AddWithValue("$size", pageSize);
        using var reader = command.ExecuteReader();
        var records = new List<JournalRecord>();
        while (reader.Read())
        {
            after = reader.GetInt64(0);
            if (TryRead(reader, out var record))
                records.Add(record);
        }

        return (records, after);
    }

    // A damaged record is reported and skipped: everything else of the journal is still the truth.
    private bool TryRead(SqliteDataReader reader, out JournalRecord record)
    {
        record = null!;
        var sequence = reader.GetInt64(0);
        var body = (byte[])reader.GetValue(3);
        if (Crc32.HashToUInt32(body) != (uint)reader.GetInt64(4))
        {
            StorageMetrics.Damaged.Add(1);
            StorageLog.RecordDamaged(_logger, sequence, _path, "its checksum does not match");
            return false;
        }

        if (!JournalJson.TryRead(body, out var entry, out var fault))
        {
            StorageMetrics.Damaged.Add(1);
            StorageLog.RecordDamaged(_logger, sequence, _path, fault);
            return false;
        }

        record = new JournalRecord(sequence, reader.GetInt64(1), new DateTimeOffset(reader.GetInt64(2), TimeSpan.Zero), entry);
        return true;
    }

    private long Scalar(string sql, SqliteTransaction? transaction = null)
    {
        using var command = _connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
