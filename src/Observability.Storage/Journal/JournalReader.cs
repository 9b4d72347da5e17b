using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Storage;

/// <summary>
/// Reads a journal file without becoming its leader: for replay, a standby and the audit trail. A damaged or missing
/// record is reported in <see cref="Damages"/>, counted and left out; the rest is still read.
/// </summary>
public sealed class JournalReader
{
    private readonly JournalOptions _options;
    private readonly ILogger _logger;
    private readonly string _connection;
    private readonly ConcurrentDictionary<long, JournalDamage> _damages = new();

    /// <summary>Reads the file at <paramref name="path"/>, which must exist when it is read.</summary>
    public JournalReader(string path, JournalOptions options, ILogger logger)
    {
        (Path, _options, _logger) = (path, options, logger);
        _connection = JournalSchema.ConnectionString(path, options, SqliteOpenMode.ReadWrite);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What was found damaged so far, by sequence.</summary>
    public IReadOnlyList<JournalDamage> Damages => [.. _damages.Values.OrderBy(damage => damage.Sequence)];

    /// <summary>Reads records after a sequence number, oldest first, up to the end of the moment.</summary>
    public async IAsyncEnumerable<JournalRecord> ReadAsync(
        long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(_connection);
        await connection.OpenAsync(cancellationToken);
        var last = JournalSchema.LastSequence(connection);
        var expected = afterSequence + 1;
        while (expected <= last)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = ReadPage(connection, expected - 1, last);
            foreach (var row in page)
            {
                ReportGap(expected, row.Sequence, last);
                expected = row.Sequence + 1;
                if (row.Read(out var reason) is { } record)
                    yield return record;
                else
                    Report(new JournalDamage(row.Sequence, row.Sequence == last, reason));
            }

            if (page.Count == 0)
            {
                ReportGap(expected, last + 1, last);
                yield break;
            }
        }
    }

    /// <summary>Checks the newest records, so that a write which the disc did not finish is known before anything relies on it.</summary>
    internal async Task CheckTailAsync(long last, CancellationToken cancellationToken)
    {
        if (_options.TailChecked <= 0)
            return;
        await foreach (var _ in ReadAsync(Math.Max(0, last - _options.TailChecked), cancellationToken))
        {
            // Reading is the check: what cannot be read is reported.
        }
    }

    private List<JournalRow> ReadPage(SqliteConnection connection, long after, long last)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT sequence, epoch, at, body, checksum FROM records WHERE sequence > $after AND sequence <= $last ORDER BY sequence LIMIT $page";
        command.Parameters.AddWithValue("$after", after);
        command.Parameters.AddWithValue("$last", last);
        command.Parameters.AddWithValue("$page", _options.ReadPage);
        var page = new List<JournalRow>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            page.Add(new JournalRow(
                reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3), reader.GetInt64(4)));
        }

        return page;
    }

    private void ReportGap(long expected, long found, long last)
    {
        if (found > expected)
            Report(new JournalDamage(expected, found > last, $"records {expected} to {found - 1} are missing"));
    }

    private void Report(JournalDamage damage)
    {
        if (_damages.ContainsKey(damage.Sequence))
            return;
        if (_damages.Count < _options.MaximumDamages)
            _damages[damage.Sequence] = damage;
        StorageMetrics.RecordsDamaged.Add(1);
        StorageLog.JournalDamaged(_logger, Path, damage.Sequence, damage.Reason);
    }
}
