using Microsoft.Data.Sqlite;
using Observability.Model;
using static Observability.Metrics.Tests.Samples;

namespace Observability.Metrics.Tests;

public sealed class RecoveryTests : IDisposable
{
    private static readonly LabelSet s_a = Labels("up", ("node", "node-000"));
    private static readonly LabelSet s_b = Labels("up", ("node", "node-001"));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("metrics-recovery");

    private string DatabasePath => Path.Combine(_folder.FullName, "samples.db");

    private MetricsOptions Options => new() { DatabasePath = DatabasePath, SamplesPerChunk = 4, CheckpointInterval = TimeSpan.FromSeconds(5) };

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(23)]
    public async Task Reopen_AfterACrash_LosesOnlyTheUnflushedSecond(int seconds)
    {
        var crashed = new SeriesStore(Options);
        for (var i = 0; i < seconds; i++)
        {
            crashed.Append(Batch(Start.AddSeconds(i), (s_a, i), (s_b, -i)));
            await crashed.FlushAsync(Start.AddSeconds(i), CancellationToken.None);
        }

        var flushed = Dump(crashed);
        crashed.Append(Batch(Start.AddSeconds(seconds), (s_a, 99)));
        crashed.Abandon();
        await using (var reopened = new SeriesStore(Options))
        {
            Assert.Equal(flushed, Dump(reopened));
            reopened.Append(Batch(Start.AddSeconds(seconds), (s_a, 7)));
            await reopened.FlushAsync(Start.AddSeconds(seconds), CancellationToken.None);
        }

        await using var third = new SeriesStore(Options);
        Assert.Equal(flushed.Count + 1, Dump(third).Count);
        Assert.Equal(0, third.Statistics.CorruptRows);
    }

    [Fact]
    public async Task Open_WhileAnotherHasIt_IsRefusedUntilThatOneIsGone()
    {
        var first = new SeriesStore(Options);
        var fault = Assert.Throws<IOException>(() => new SeriesStore(Options));
        Assert.StartsWith($"{DatabasePath} is in use (", fault.Message);
        first.Abandon();
        await using var second = new SeriesStore(Options);
    }

    [Fact]
    public async Task Reopen_KnowsWhatWasSaidAboutFamilies()
    {
        MetricMetadata[] said =
        [
            new("requests", "counter", "Requests\nby code.", ""), new("wait_seconds", "histogram", "", "seconds"),
            .. Enumerable.Range(0, 12).Select(i => new MetricMetadata("up", "gauge", $"help {i}", "")),
        ];
        await using (var store = new SeriesStore(Options))
        {
            store.Append(Batch(Start, (s_a, 1)) with { Metadata = said[..3] });
            await store.FlushAsync(Start, CancellationToken.None);
            store.Append(Batch(Start.AddSeconds(1), (s_a, 1)) with { Metadata = said });
        }

        await using var reopened = new SeriesStore(Options);
        Assert.Equal(
            [said[0], .. said[4..], said[1]],
            reopened.Metadata.Find("", 0, 0).SelectMany(family => family.Value));
    }

    [Fact]
    public async Task Reopen_WithACorruptChunk_SkipsAndCountsIt()
    {
        await using (var store = new SeriesStore(Options))
        {
            for (var i = 0; i < 9; i++)
                store.Append(Batch(Start.AddSeconds(i), (s_a, i)));
            await store.FlushAsync(Start.AddSeconds(9), CancellationToken.None);
        }

        Execute("DELETE FROM wal; UPDATE chunks SET bytes = zeroblob(length(bytes)) WHERE first_time = (SELECT min(first_time) FROM chunks)");
        await using var reopened = new SeriesStore(Options);
        Assert.Equal(
            Enumerable.Range(4, 4).Select(i => $"{s_a} {Start.AddSeconds(i).ToUnixTimeMilliseconds()} {i}"), Dump(reopened));
        Assert.Equal(1, reopened.Statistics.CorruptRows);
    }

    [Fact]
    public async Task Reopen_WithACorruptWriteAheadRow_KeepsTheOthers()
    {
        await using (var store = new SeriesStore(Options))
        {
            for (var i = 0; i < 3; i++)
                store.Append(Batch(Start.AddSeconds(i), (s_a, i)));
        }

        Execute("UPDATE wal SET bytes = x'0102' WHERE seq = 2");
        await using var reopened = new SeriesStore(Options);
        Assert.Equal(
            [$"{s_a} {Start.ToUnixTimeMilliseconds()} 0", $"{s_a} {Start.AddSeconds(2).ToUnixTimeMilliseconds()} 2"], Dump(reopened));
        Assert.Equal(1, reopened.Statistics.CorruptRows);
    }

    [Fact]
    public async Task Checkpoint_WhenDue_EmptiesTheWriteAheadTable()
    {
        await using var store = new SeriesStore(Options);
        for (var i = 0; i < 6; i++)
        {
            store.Append(Batch(Start.AddSeconds(i), (s_a, i)));
            await store.FlushAsync(Start.AddSeconds(i), CancellationToken.None);
        }

        Assert.Equal((1L, 1L, 1L), (Count("wal"), Count("heads"), Count("chunks")));
    }

    [Fact]
    public async Task Flush_PastRetention_DropsRowsOfTheFileToo()
    {
        var options = Options;
        options.Retention = TimeSpan.FromMinutes(1);
        await using var store = new SeriesStore(options);
        for (var i = 0; i < 8; i++)
            store.Append(Batch(Start.AddSeconds(i), (s_a, i)));
        await store.FlushAsync(Start.AddSeconds(8), CancellationToken.None);
        Assert.Equal((2L, 1L), (Count("chunks"), Count("series")));
        await store.FlushAsync(Start.AddMinutes(5), CancellationToken.None);
        Assert.Equal((0L, 0L), (Count("chunks"), Count("series")));
    }

    [Fact]
    public async Task Append_BeyondTheUnflushedLimit_KeepsTheBatchInMemoryAndCountsIt()
    {
        var options = Options;
        options.MaxUnflushedBytes = 20;
        await using var store = new SeriesStore(options);
        store.Append(Batch(Start, (s_a, 1)));
        store.Append(Batch(Start.AddSeconds(1), (s_a, 2)));
        Assert.Equal(1, store.Statistics.UnloggedBatches);
        Assert.Equal(2, Dump(store).Count);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Execute(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private long Count(string table)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*) FROM {table}";
        return (long)command.ExecuteScalar()!;
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        connection.Open();
        return connection;
    }
}
