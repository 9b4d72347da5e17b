using System.IO.Hashing;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Metrics;

/// <summary>
/// The store's SQLite file: a row per scrape batch in write order, each with a checksum. Recovery reads them back; rows
/// past the retention are deleted.
/// </summary>
internal sealed class SeriesDatabase : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly ILogger _logger;
    private readonly Dictionary<LabelSet, long> _ids = [];
    private readonly SemaphoreSlim _gate = new(1, 1);
    private List<SampleBatch> _queued = [];

    public SeriesDatabase(string path, ILogger logger)
    {
        _logger = logger;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        _connection.Open();
        // NORMAL: a commit survives kill -9; after a power cut the last second may be missing, which samples can bear.
        Execute("""
            PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
            CREATE TABLE IF NOT EXISTS series(id INTEGER PRIMARY KEY, labels TEXT NOT NULL);
            CREATE TABLE IF NOT EXISTS samples(sequence INTEGER PRIMARY KEY, newest INTEGER NOT NULL, body BLOB NOT NULL, checksum INTEGER NOT NULL);
            CREATE INDEX IF NOT EXISTS samples_newest ON samples(newest);
            """);
    }

    /// <summary>Remembers a batch for the next flush.</summary>
    public void Queue(SampleBatch batch) => _queued.Add(batch);

    /// <summary>Hands back every stored series with its samples in the order they were written.</summary>
    public void Recover(Action<LabelSet, IReadOnlyList<Sample>> take)
    {
        var labels = new Dictionary<long, LabelSet>();
        using (var command = Command("SELECT id, labels FROM series"))
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                var set = JsonSerializer.Deserialize<LabelSet>(reader.GetString(1))!;
                labels[reader.GetInt64(0)] = set;
                _ids[set] = reader.GetInt64(0);
            }
        }

        using var samples = Command("SELECT sequence, body, checksum FROM samples ORDER BY sequence");
        using var rows = samples.ExecuteReader();
        while (rows.Read())
        {
            var body = (byte[])rows.GetValue(1);
            if (Crc32.HashToUInt32(body) != (uint)rows.GetInt64(2))
            {
                MetricsMetrics.Damaged.Add(1);
                MetricsLog.RowDamaged(_logger, rows.GetInt64(0), _connection.DataSource);
                continue;
            }

            foreach (var (id, sample) in Decode(body))
            {
                if (labels.TryGetValue(id, out var set))
                    take(set, [sample]);
            }
        }
    }

    /// <summary>Writes all queued batches in one transaction and deletes what is too old.</summary>
    public async Task FlushAsync(DateTimeOffset now, TimeSpan retention, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var batches = Interlocked.Exchange(ref _queued, []);
            if (batches.Count == 0)
                return;
            Write(batches, now.ToUnixTimeMilliseconds() - (long)retention.TotalMilliseconds);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _gate.Dispose();
    }

    private void Write(List<SampleBatch> batches, long oldest)
    {
        using var transaction = _connection.BeginTransaction();
        using var insertSeries = Command("INSERT INTO series(id, labels) VALUES ($i, $l)");
        var (seriesId, seriesLabels) = (insertSeries.Parameters.Add("$i", SqliteType.Integer), insertSeries.Parameters.Add("$l", SqliteType.Text));
        using var insert = Command("INSERT INTO samples(newest, body, checksum) VALUES ($n, $b, $c)");
        var (newest, body, checksum) = (insert.Parameters.Add("$n", SqliteType.Integer), insert.Parameters.Add("$b", SqliteType.Blob), insert.Parameters.Add("$c", SqliteType.Integer));
        (insertSeries.Transaction, insert.Transaction) = (transaction, transaction);
        foreach (var batch in batches.Where(batch => batch.Samples.Count > 0))
        {
            foreach (var (labels, _) in batch.Samples)
            {
                if (_ids.ContainsKey(labels))
                    continue;
                _ids[labels] = _ids.Count + 1;
                (seriesId.Value, seriesLabels.Value) = (_ids[labels], JsonSerializer.Serialize(labels));
                insertSeries.ExecuteNonQuery();
            }

            var bytes = Encode(batch);
            (newest.Value, body.Value, checksum.Value) =
                (batch.Samples.Max(entry => entry.Sample.UnixMilliseconds), bytes, (long)Crc32.HashToUInt32(bytes));
            insert.ExecuteNonQuery();
        }

        using var delete = Command("DELETE FROM samples WHERE newest < $o");
        delete.Transaction = transaction;
        delete.Parameters.AddWithValue("$o", oldest);
        delete.ExecuteNonQuery();
        transaction.Commit();
    }

    // Per sample: series number and time as varints, the time as the difference to the one before, then the value.
    private byte[] Encode(SampleBatch batch)
    {
        using var stream = new MemoryStream(batch.Samples.Count * 12);
        using var writer = new BinaryWriter(stream);
        long before = 0;
        foreach (var (labels, sample) in batch.Samples)
        {
            writer.Write7BitEncodedInt64(_ids[labels]);
            writer.Write7BitEncodedInt64(sample.UnixMilliseconds - before);
            writer.Write(sample.Value);
            before = sample.UnixMilliseconds;
        }

        return stream.ToArray();
    }

    private static IEnumerable<(long Id, Sample Sample)> Decode(byte[] body)
    {
        using var reader = new BinaryReader(new MemoryStream(body));
        long at = 0;
        while (reader.BaseStream.Position < body.Length)
        {
            var id = reader.Read7BitEncodedInt64();
            at += reader.Read7BitEncodedInt64();
            yield return (id, new Sample(at, reader.ReadDouble()));
        }
    }

    private void Execute(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
