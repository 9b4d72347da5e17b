using Microsoft.Extensions.Logging.Abstractions;
using Observability.Model;

namespace Observability.Storage.Tests;

/// <summary>Appends for ever and prints the sequence of each acknowledged batch, until it is killed.</summary>
internal static class AppendLoop
{
    public const string Argument = "append-loop";

    public static async Task<int> RunAsync(string path)
    {
        await using var journal = await SqliteJournal.OpenAsync(path, new JournalOptions(), NullLogger.Instance, CancellationToken.None);
        var at = DateTimeOffset.UnixEpoch;
        for (var batch = 1; batch < 1_000_000; batch++)
        {
            var entries = Enumerable.Range(0, 1 + (batch % 5)).Select(i => (JournalEntry)new EngineStarted(batch, $"{i}")).ToArray();
            var records = await journal.AppendAsync(entries, at, CancellationToken.None);
            Console.WriteLine(records[^1].Sequence);
        }

        return 0;
    }
}
