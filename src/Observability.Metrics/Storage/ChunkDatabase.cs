using System.Text.Json;
using Microsoft.Data.Sqlite;
using Observability.Model;

namespace Observability.Metrics;

/// <summary>
/// The SQLite file. <c>chunks</c> holds sealed chunks, <c>heads</c> the open chunks of the last checkpoint, <c>wal</c>
/// one row per batch since, <c>metadata</c> what was said about families. Reading them in this order and skipping samples that are not newer gives the state back.
/// One caller at a time.
/// </summary>
internal sealed class ChunkDatabase : IDisposable
{
    private const string Schema = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        CREATE TABLE IF NOT EXISTS series (id INTEGER PRIMARY KEY, labels TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS chunks (series_id INTEGER NOT NULL, first_time INTEGER NOT NULL, last_time INTEGER NOT NULL,
            count INTEGER NOT NULL, checksum INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (series_id, first_time));
        CREATE INDEX IF NOT EXISTS chunks_by_time ON chunks (last_time);
        CREATE TABLE IF NOT EXISTS heads (series_id INTEGER PRIMARY KEY, first_time INTEGER NOT NULL, last_time INTEGER NOT NULL,
            count INTEGER NOT NULL, checksum INTEGER NOT NULL, bytes BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS metadata (seq INTEGER PRIMARY KEY AUTOINCREMENT, family TEXT NOT NULL, type TEXT NOT NULL, help TEXT NOT NULL, unit TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS metadata_by_family ON metadata (family);
        CREATE TABLE IF NOT EXISTS wal (seq INTEGER PRIMARY KEY AUTOINCREMENT, bytes BLOB NOT NULL);
        """;

    private readonly StoreLock _lock;
    private readonly SqliteConnection _connection;

    /// <exception cref="IOException">The file is in use.</exception>
    public ChunkDatabase(string path)
    {
        Path = path;
        _lock = new StoreLock(path);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        Execute(Schema);
    }

    public string Path { get; }

    public IEnumerable<(long Id, LabelSet? Labels)> ReadSeries()
    {
        using var command = Command("SELECT id, labels FROM series ORDER BY id");
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return (reader.GetInt64(0), ReadLabels(reader.GetString(1)));
    }

    /// <summary>Every chunk of a table in order of series and time; a null chunk has a wrong checksum.</summary>
    public IEnumerable<(long SeriesId, SealedChunk? Chunk)> ReadChunks(bool heads)
    {
        using var command = Command(heads
            ? "SELECT series_id, first_time, last_time, count, checksum, bytes FROM heads ORDER BY series_id"
            : "SELECT series_id, first_time, last_time, count, checksum, bytes FROM chunks ORDER BY series_id, first_time");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var bytes = (byte[])reader.GetValue(5);
            var intact = SealedChunk.Checksum(bytes) == (uint)reader.GetInt64(4);
            yield return (reader.GetInt64(0), intact
                ? new SealedChunk(reader.GetInt64(1), reader.GetInt64(2), reader.GetInt32(3), bytes)
                : null);
        }
    }

    public IEnumerable<byte[]> ReadRows()
    {
        using var command = Command("SELECT bytes FROM wal ORDER BY seq");
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return (byte[])reader.GetValue(0);
    }

    /// <summary>What was said about families, oldest first.</summary>
    public IEnumerable<MetricMetadata> ReadMetadata()
    {
        using var command = Command("SELECT family, type, help, unit FROM metadata ORDER BY seq");
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return new MetricMetadata(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3));
    }

    /// <summary>
    /// Writes everything in one transaction. With <paramref name="heads"/> this is a checkpoint: the rows that were in
    /// the file before are then covered by chunks and heads, and go.
    /// </summary>
    public void Write(PendingWrites.Drained pending, IReadOnlyList<PendingWrites.ChunkWrite>? heads)
    {
        using var transaction = _connection.BeginTransaction();
        if (heads is not null)
            Execute("DELETE FROM wal; DELETE FROM heads;");
        WriteSeries(pending.Series);
        WriteChunks("chunks", pending.Chunks);
        if (heads is not null)
            WriteChunks("heads", heads);
        WriteMetadata(pending.Metadata);
        using var command = Command("INSERT INTO wal (bytes) VALUES ($bytes)");
        var bytes = command.Parameters.Add("$bytes", SqliteType.Blob);
        foreach (var row in pending.Rows)
        {
            bytes.Value = row;
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    /// <summary>Deletes chunks that end before a time, and series that memory no longer has.</summary>
    public void Delete(long cutoff, IReadOnlyList<MemorySeries> goneSeries)
    {
        using var transaction = _connection.BeginTransaction();
        using var command = Command("DELETE FROM chunks WHERE last_time < $time");
        command.Parameters.AddWithValue("$time", cutoff);
        command.ExecuteNonQuery();
        using var drop = Command("DELETE FROM chunks WHERE series_id = $id; DELETE FROM heads WHERE series_id = $id; DELETE FROM series WHERE id = $id");
        var id = drop.Parameters.Add("$id", SqliteType.Integer);
        foreach (var series in goneSeries)
        {
            id.Value = series.Id;
            drop.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    /// <summary>Most pages the file may have; beyond it SQLite answers as for a full disk.</summary>
    public void LimitPages(int pages) =>
        Execute(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {pages}"));

    private void WriteSeries(List<(long Id, LabelSet Labels)> series)
    {
        using var command = Command("INSERT OR REPLACE INTO series (id, labels) VALUES ($id, $labels)");
        var id = command.Parameters.Add("$id", SqliteType.Integer);
        var labels = command.Parameters.Add("$labels", SqliteType.Text);
        foreach (var entry in series)
        {
            id.Value = entry.Id;
            labels.Value = JsonSerializer.Serialize(entry.Labels);
            command.ExecuteNonQuery();
        }
    }

    private void WriteMetadata(List<MetricMetadata> statements)
    {
        using var command = Command("INSERT INTO metadata (family, type, help, unit) VALUES ($family, $type, $help, $unit)");
        using var trim = Command(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"DELETE FROM metadata WHERE family = $family AND seq <= (SELECT seq FROM metadata WHERE family = $family ORDER BY seq DESC LIMIT 1 OFFSET {MetadataStore.StatementsPerFamily})"));
        foreach (var statement in statements)
        {
            command.Parameters.Clear();
            command.Parameters.AddWithValue("$family", statement.Family);
            command.Parameters.AddWithValue("$type", statement.Type);
            command.Parameters.AddWithValue("$help", statement.Help);
            command.Parameters.AddWithValue("$unit", statement.Unit);
            command.ExecuteNonQuery();
            trim.Parameters.Clear();
            trim.Parameters.AddWithValue("$family", statement.Family);
            trim.ExecuteNonQuery();
        }
    }

    private void WriteChunks(string table, IReadOnlyList<PendingWrites.ChunkWrite> chunks)
    {
        using var command = Command(table == "heads"
            ? "INSERT OR REPLACE INTO heads VALUES ($id, $first, $last, $count, $sum, $bytes)"
            : "INSERT OR REPLACE INTO chunks VALUES ($id, $first, $last, $count, $sum, $bytes)");
        var id = command.Parameters.Add("$id", SqliteType.Integer);
        var first = command.Parameters.Add("$first", SqliteType.Integer);
        var last = command.Parameters.Add("$last", SqliteType.Integer);
        var count = command.Parameters.Add("$count", SqliteType.Integer);
        var sum = command.Parameters.Add("$sum", SqliteType.Integer);
        var bytes = command.Parameters.Add("$bytes", SqliteType.Blob);
        using var drop = Command("DELETE FROM chunks WHERE series_id = $id AND first_time = $first");
        var dropId = drop.Parameters.Add("$id", SqliteType.Integer);
        var dropFirst = drop.Parameters.Add("$first", SqliteType.Integer);
        foreach (var (seriesId, firstTime, chunk) in chunks)
        {
            if (chunk is null)
            {
                (dropId.Value, dropFirst.Value) = (seriesId, firstTime);
                drop.ExecuteNonQuery();
                continue;
            }

            id.Value = seriesId;
            first.Value = firstTime;
            last.Value = chunk.LastTime;
            count.Value = chunk.Count;
            sum.Value = (long)SealedChunk.Checksum(chunk.Bytes);
            bytes.Value = chunk.Bytes;
            command.ExecuteNonQuery();
        }
    }

    private static LabelSet? ReadLabels(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<LabelSet>(text);
        }
        catch (JsonException)
        {
            // The caller counts and names the row.
            return null;
        }
    }

    private SqliteCommand Command(string text)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Every caller passes a literal, or one with a number in it.
        command.CommandText = text;
#pragma warning restore CA2100
        return command;
    }

    private void Execute(string text)
    {
        using var command = Command(text);
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _connection.Dispose();
        _lock.Dispose();
    }
}
