using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Model;
using Observability.Testing;

namespace Observability.Storage.Tests;

public sealed class SqliteJournalTests : IDisposable
{
    // Records hold arrays, which compare by reference; their full text does not.
    private static readonly JsonSerializerOptions Full = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Entries_OfEveryType_ReadBackAsWritten()
    {
        await using var journal = await OpenAsync();
        var written = new List<JournalRecord>();
        for (var seed = 1; seed <= 20; seed++)
            written.AddRange(await journal.AppendAsync(Entries.Of(seed), Fleets.Start.AddSeconds(seed), CancellationToken.None));

        var read = await ReadAsync(journal, 0);

        var types = typeof(JournalEntry).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(JournalEntry)));
        Assert.Equal(types.Order(ByName), read.Select(record => record.Entry.GetType()).Distinct().Order(ByName));
        Assert.Equal(written.Select(Text), read.Select(Text));
        Assert.Equal(Enumerable.Range(1, written.Count).Select(i => (long)i), read.Select(record => record.Sequence));
        Assert.Empty(journal.Damages);
    }

    [Fact]
    public async Task Append_AfterReopening_GoesOnUnderTheNextEpoch()
    {
        await using (var first = await OpenAsync())
            await first.AppendAsync([new EngineStarted(1, "a"), new EngineStarted(1, "b")], Fleets.Start, CancellationToken.None);
        await using var second = await OpenAsync();
        await second.AppendAsync([new EngineStarted(2, "c")], Fleets.Start, CancellationToken.None);

        Assert.Equal((2L, 3L), (second.Epoch, second.LastSequence));
        Assert.Equal(
            [new JournalRecord(2, 1, Fleets.Start, new EngineStarted(1, "b")), new JournalRecord(3, 2, Fleets.Start, new EngineStarted(2, "c"))],
            await ReadAsync(second, 1));
    }

    [Fact]
    public async Task Append_UnderAnOldEpoch_IsFencedAndWritesNothing()
    {
        await using var old = await OpenAsync();
        await using var current = await OpenAsync();

        var fenced = await Assert.ThrowsAsync<JournalFencedException>(
            async () => await old.AppendAsync([new EngineStarted(1, "late")], Fleets.Start, CancellationToken.None));
        await current.AppendAsync([new EngineStarted(2, "b")], Fleets.Start, CancellationToken.None);

        Assert.Equal((1L, 2L), (fenced.Mine, fenced.Current));
        Assert.Equal([new JournalRecord(1, 2, Fleets.Start, new EngineStarted(2, "b"))], await ReadAsync(current, 0));
    }

    [Fact]
    public async Task Journal_WithoutAPath_IsKeptInMemoryByItself()
    {
        await using var one = await SqliteJournal.OpenAsync("", new JournalOptions(), NullLogger.Instance, CancellationToken.None);
        await using var other = await SqliteJournal.OpenAsync("", new JournalOptions(), NullLogger.Instance, CancellationToken.None);
        await one.AppendAsync([new EngineStarted(1, "a")], Fleets.Start, CancellationToken.None);

        Assert.Equal([new JournalRecord(1, 1, Fleets.Start, new EngineStarted(1, "a"))], await ReadAsync(one, 0));
        Assert.Empty(await ReadAsync(other, 0));
    }

    [Fact]
    public async Task Reader_OfAFileThatIsWritten_SeesItsRecordsWithoutFencingTheWriter()
    {
        await using var journal = await OpenAsync();
        await journal.AppendAsync([new EngineStarted(1, "a")], Fleets.Start, CancellationToken.None);
        var reader = new JournalReader(_folder.File, new JournalOptions { ReadPage = 1 }, NullLogger.Instance);
        var seen = new List<long>();
        await foreach (var record in reader.ReadAsync(0, CancellationToken.None))
        {
            seen.Add(record.Sequence);
            // Appended while it is read: left for the next reading.
            await journal.AppendAsync([new EngineStarted(1, "b")], Fleets.Start, CancellationToken.None);
        }

        await foreach (var record in reader.ReadAsync(1, CancellationToken.None))
            seen.Add(record.Sequence);
        Assert.Equal([1, 2], seen);
    }

    [Fact]
    public async Task Append_OfNothing_WritesNothing()
    {
        await using var journal = await OpenAsync();

        Assert.Empty(await journal.AppendAsync([], Fleets.Start, CancellationToken.None));
        Assert.Equal(0, journal.LastSequence);
    }

    [Fact]
    public async Task Append_FromManyCallers_LeavesNoGap()
    {
        await using var journal = await OpenAsync();
        var callers = Enumerable.Range(0, 8).Select(async caller =>
        {
            for (var i = 0; i < 10; i++)
                await journal.AppendAsync([new EngineStarted(caller, "x"), new EngineStarted(caller, "y")], Fleets.Start, CancellationToken.None);
        });
        await Task.WhenAll(callers);

        var read = await ReadAsync(journal, 0);

        Assert.Equal(Enumerable.Range(1, 160).Select(i => (long)i), read.Select(record => record.Sequence));
        Assert.All(read.Chunk(2), pair => Assert.Equal(((EngineStarted)pair[0].Entry).Epoch, ((EngineStarted)pair[1].Entry).Epoch));
    }

    [Theory]
    [InlineData("UPDATE records SET body = zeroblob(3) WHERE sequence = 3", 3, true, "checksum")]
    [InlineData("UPDATE records SET body = zeroblob(3) WHERE sequence = 2", 2, false, "checksum")]
    [InlineData("DELETE FROM records WHERE sequence = 3", 3, true, "records 3 to 3 are missing")]
    [InlineData("DELETE FROM records WHERE sequence = 2", 2, false, "records 2 to 2 are missing")]
    [InlineData("UPDATE records SET epoch = 9 WHERE sequence = 1", 1, false, "checksum")]
    public async Task Open_WithADamagedRecord_ReportsItAndReadsTheOthers(string damage, long sequence, bool isLast, string reason)
    {
        await using (var journal = await OpenAsync())
        {
            var entries = Enumerable.Range(1, 3).Select(i => (JournalEntry)new EngineStarted(i, "v")).ToArray();
            await journal.AppendAsync(entries, Fleets.Start, CancellationToken.None);
        }

        Run(damage);
        await using var reopened = await OpenAsync();

        var found = Assert.Single(reopened.Damages);
        Assert.Equal((sequence, isLast), (found.Sequence, found.IsLast));
        Assert.StartsWith(reason, found.Reason, StringComparison.Ordinal);
        var next = Assert.Single(await reopened.AppendAsync([new EngineStarted(4, "v")], Fleets.Start, CancellationToken.None));
        Assert.Equal(4, next.Sequence);
        var expected = new long[] { 1, 2, 3, 4 }.Where(i => i != sequence);
        Assert.Equal(expected, (await ReadAsync(reopened, 0)).Select(record => record.Sequence));
        Assert.Single(reopened.Damages);
    }

    [Fact]
    public async Task Append_Of100000InBatches_IsAllThere()
    {
        await using var journal = await OpenAsync();
        var batch = Enumerable.Range(0, 5000).Select(i => (JournalEntry)new EngineStarted(i, "v")).ToArray();
        for (var i = 0; i < 20; i++)
            await journal.AppendAsync(batch, Fleets.Start, CancellationToken.None);

        var count = 0L;
        await foreach (var record in journal.ReadAsync(0, CancellationToken.None))
            Assert.Equal(++count, record.Sequence);

        Assert.Equal(100_000, count);
    }

    [Fact]
    public async Task Kill9_AtAnyMoment_LosesNoAcknowledgedRecord()
    {
        var acknowledged = 0L;
        for (var round = 0; round < 3; round++)
        {
            using var child = StartAppendLoop();
            for (var line = 0; line < 20 + (round * 7); line++)
                acknowledged = long.Parse(await child.StandardOutput.ReadLineAsync() ?? "0", null);
            child.Kill();
            await child.WaitForExitAsync();
            while (await child.StandardOutput.ReadLineAsync() is { } line)
                acknowledged = long.TryParse(line, out var sequence) ? sequence : acknowledged;
        }

        await using var journal = await OpenAsync();
        var read = await ReadAsync(journal, 0);

        Assert.Equal(4, journal.Epoch);
        Assert.Empty(journal.Damages);
        Assert.Equal(Enumerable.Range(1, read.Count).Select(i => (long)i), read.Select(record => record.Sequence));
        Assert.InRange(read.Count, acknowledged, acknowledged + 5);
        // A batch is there as a whole or not at all.
        Assert.All(
            read.GroupBy(record => (record.Epoch, ((EngineStarted)record.Entry).Epoch)),
            batch => Assert.Equal(1 + (batch.Key.Item2 % 5), batch.Count()));
    }

    private Process StartAppendLoop()
    {
        var own = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(own) == "dotnet";
        var start = new ProcessStartInfo(own) { RedirectStandardOutput = true };
        if (isHost)
            start.ArgumentList.Add(typeof(AppendLoop).Assembly.Location);
        start.ArgumentList.Add(AppendLoop.Argument);
        start.ArgumentList.Add(_folder.File);
        return Process.Start(start)!;
    }

    private Task<SqliteJournal> OpenAsync() =>
        SqliteJournal.OpenAsync(_folder.File, new JournalOptions(), NullLogger.Instance, CancellationToken.None);

    private static async Task<List<JournalRecord>> ReadAsync(SqliteJournal journal, long after)
    {
        var records = new List<JournalRecord>();
        await foreach (var record in journal.ReadAsync(after, CancellationToken.None))
            records.Add(record);
        return records;
    }

    private void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    private static string Text(JournalRecord record) => JsonSerializer.Serialize(record, Full);

    private static readonly Comparer<Type> ByName = Comparer<Type>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name));
}
