using Observability.Model;
using static Observability.Metrics.Tests.Samples;

namespace Observability.Metrics.Tests;

public sealed class FullDiskTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("metrics-full");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(256 * 1_024 * 1_024)]
    [InlineData(2_000)]
    public async Task Flush_OnAFullDisk_GoesOnInMemoryAndCatchesUpWhenThereIsRoom(long unflushedBytes)
    {
        var options = new MetricsOptions
        {
            DatabasePath = Path.Combine(_folder.FullName, "series.db"),
            SamplesPerChunk = 8,
            CheckpointInterval = TimeSpan.FromSeconds(10),
            MaxUnflushedBytes = unflushedBytes,
        };
        List<string> held;
        await using (var store = new SeriesStore(options))
        {
            await AppendAsync(store, 0, 5);
            Assert.False(store.IsDegraded);
            store.LimitFile(1);
            await AppendAsync(store, 5, 200);
            Assert.True(store.IsDegraded);
            Assert.Equal(200, Dump(store).Count(line => line.StartsWith("m{i=\"0\"}", StringComparison.Ordinal)));
            store.LimitFile(int.MaxValue);
            await AppendAsync(store, 200, 205);
            Assert.False(store.IsDegraded);
            held = Dump(store);
        }

        await using var reopened = new SeriesStore(options);
        Assert.Equal(held, Dump(reopened));
        Assert.Equal(205 * 10, held.Count);
    }

    [Fact]
    public async Task Dispose_OnAFullDisk_DoesNotThrow()
    {
        var store = new SeriesStore(new MetricsOptions { DatabasePath = Path.Combine(_folder.FullName, "series.db") });
        store.LimitFile(1);
        for (var i = 0; i < 2_000; i++)
            store.Append(Batch(Start, (Labels("m", ("i", $"{i}")), 1)));
        await store.DisposeAsync();
        Assert.True(store.IsDegraded);
    }

    private static async Task AppendAsync(SeriesStore store, int from, int to)
    {
        for (var second = from; second < to; second++)
        {
            var samples = Enumerable.Range(0, 10).Select(i => new SeriesSample(
                Labels("m", ("i", $"{i}")), new Sample(Start.AddSeconds(second).ToUnixTimeMilliseconds(), Math.Sin(second + i))));
            store.Append(new SampleBatch("test", Start.AddSeconds(second), [.. samples]));
            await store.FlushAsync(Start.AddSeconds(second), CancellationToken.None);
        }
    }
}
