using System.Globalization;
using Observability.Testing;
using static Observability.Metrics.Tests.Samples;

namespace Observability.Metrics.Tests;

/// <summary>kill -9 during ingest, again and again on the same file.</summary>
public sealed class KilledIngestTests : IDisposable
{
    private const int Kills = 50;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("metrics-killed");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Killed50Times_HoldsEveryBatchThatAFinishedFlushHeldAndNothingIsCorrupt()
    {
        var path = Path.Combine(_folder.FullName, "series.db");
        var random = new Random(20_261_127);
        var flushed = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            await using (var child = ChildProcess.Start(_folder.FullName, Path.Combine(AppContext.BaseDirectory, "Observability.Metrics.Tests"), IngestLoop.Argument, path))
            {
                var wanted = random.Next(1, 40);
                await child.WaitForLineAsync(_ => child.Lines.Count(line => line.StartsWith("flushed ", StringComparison.Ordinal)) >= wanted, TimeSpan.FromMinutes(1));
                await child.KillAsync();
                flushed = child.Lines.Where(line => line.StartsWith("flushed ", StringComparison.Ordinal))
                    .Select(line => int.Parse(line["flushed ".Length..], CultureInfo.InvariantCulture)).Max();
            }

            await using var store = new SeriesStore(IngestLoop.Options(path));
            var held = Dump(store);
            Assert.Equal(0, store.Statistics.CorruptRows);
            Assert.Equal("", SqliteFile.Check(path));
            // Each sample once, and none that was never sent.
            Assert.Equal(held.Count, held.Distinct().Count());
            Assert.Empty(IngestLoop.Expected(flushed).Except(held));
            Assert.Empty(held.Except(IngestLoop.Expected(flushed + 10)));
        }

        Assert.True(flushed > 1_000, $"only {flushed} batches in {Kills} rounds");
    }
}
