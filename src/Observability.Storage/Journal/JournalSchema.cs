using Microsoft.Data.Sqlite;

namespace Observability.Storage;

/// <summary>The tables of a journal file: records, and the epoch that may write them.</summary>
internal static class JournalSchema
{
    // FULL and not NORMAL: an acknowledged intent that a power cut takes back would let the next leader repeat a reboot.
    // It costs one fsync per transaction, which batches share.
    private const string Tables =
        """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        CREATE TABLE IF NOT EXISTS records(
            sequence INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL, checksum INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS leader(one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL, last INTEGER NOT NULL);
        INSERT OR IGNORE INTO leader VALUES (1, 0, 0);
        """;

    /// <summary>Name of a journal that lives as long as the connection that made it.</summary>
    public const string MemoryPrefix = "memory-journal-";

    public static string ConnectionString(string path, JournalOptions options, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = path.StartsWith(MemoryPrefix, StringComparison.Ordinal) ? SqliteOpenMode.Memory : mode,
            Cache = path.StartsWith(MemoryPrefix, StringComparison.Ordinal) ? SqliteCacheMode.Shared : SqliteCacheMode.Default,
            // A pooled connection would keep the file open after the journal is disposed.
            Pooling = false,
            DefaultTimeout = (int)Math.Ceiling(options.LockTimeout.TotalSeconds),
        }.ToString();

    public static void Create(SqliteConnection connection) => Execute(connection, Tables);

    public static long BeginEpoch(SqliteConnection connection) =>
        Scalar(connection, "UPDATE leader SET epoch = epoch + 1 RETURNING epoch");

    public static long Epoch(SqliteConnection connection) => Scalar(connection, "SELECT epoch FROM leader");

    // The counter and not max(sequence): a lost last row must show as a gap, not be numbered again.
    public static long LastSequence(SqliteConnection connection) => Scalar(connection, "SELECT last FROM leader");

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
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
