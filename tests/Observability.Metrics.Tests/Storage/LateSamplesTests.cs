using Observability.Model;
using static Observability.Metrics.Tests.Samples;

namespace Observability.Metrics.Tests;

public sealed class LateSamplesTests : IDisposable
{
    private static readonly LabelSet s_a = Labels("up", ("node", "node-000"));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("metrics-late");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Take_InAnyOrder_KeepsWhatASortedListKeepsAlsoAfterACrash(int seed)
    {
        var random = new Random(seed);
        var expected = new SortedDictionary<long, double>();
        var options = new MetricsOptions
        {
            DatabasePath = Path.Combine(_folder.FullName, $"{seed}.db"),
            SamplesPerChunk = 8,
            OutOfOrderWindow = TimeSpan.FromSeconds(40),
            CheckpointInterval = TimeSpan.FromSeconds(50),
        };
        var store = new SeriesStore(options);
        long newest = long.MinValue;
        for (var i = 0; i < 600; i++)
        {
            var time = Start.AddSeconds((i / 4) + random.Next(-60, 5)).ToUnixTimeMilliseconds();
            var value = random.Next(0, 3);
            var report = store.Take(new SampleBatch("test", Start.AddSeconds(i), [new SeriesSample(s_a, new Sample(time, value))]));
            if (time > newest || newest - time <= 40_000)
                Assert.Equal(expected.TryAdd(time, value) || expected[time] == value ? 1 : 0, report.Stored);
            else
                Assert.Equal((0, time == newest ? SampleRefusal.Duplicate : SampleRefusal.OutOfOrder), (report.Stored, report.First[0].Reason));
            newest = Math.Max(newest, time);
            if (random.Next(5) == 0)
                await store.FlushAsync(Start.AddSeconds(i), CancellationToken.None);
        }

        await store.FlushAsync(Start.AddSeconds(600), CancellationToken.None);
        var lines = expected.Select(pair => $"{s_a} {pair.Key} {pair.Value}").ToList();
        Assert.Equal(lines, Dump(store));
        Assert.True(store.Statistics.Inserted > 50);
        store.Abandon();
        await using var reopened = new SeriesStore(options);
        Assert.Equal(lines, Dump(reopened));
        Assert.Equal(0, reopened.Statistics.CorruptRows);
    }

    [Fact]
    public async Task Take_AtTheEdgeOfTheWindow_TakesTheLastMillisecondOfIt()
    {
        await using var store = new SeriesStore(new MetricsOptions { OutOfOrderWindow = TimeSpan.FromSeconds(10) });
        store.Append(Batch(Start, (s_a, 1)));
        var inside = store.Take(Batch(Start.AddSeconds(-10), (s_a, 2)));
        var outside = store.Take(Batch(Start.AddMilliseconds(-10_001), (s_a, 3)));
        Assert.Equal((1, 0), (inside.Stored, inside.Refused));
        Assert.Equal(
            [$"{s_a} 3 at 1997-05-18T23:59:49.999Z: out of order: the newest stored sample is of 1997-05-19T00:00:00.000Z"],
            outside.First.Select(refused => refused.ToString()));
        Assert.Equal((1L, 1L), (store.Statistics.Inserted, store.Statistics.OutOfOrder));
    }

    [Fact]
    public async Task Take_TheSameSampleTwice_IsStoredOnceAndNotRefused()
    {
        await using var store = new SeriesStore(new MetricsOptions());
        store.Append(Batch(Start, (s_a, double.NaN)));
        var again = store.Take(Batch(Start, (s_a, double.NaN)));
        var other = store.Take(Batch(Start, (s_a, 1)));
        Assert.Equal((1, 0), (again.Stored, again.Refused));
        Assert.Equal([SampleRefusal.Duplicate], other.First.Select(refused => refused.Reason));
        Assert.Equal((1L, 1L, 1L), (store.Statistics.SamplesAppended, store.Statistics.Repeated, store.Statistics.Duplicates));
    }

    [Fact]
    public async Task Take_PastTheRetention_IsRefusedAsTooOldAndMakesNoSeries()
    {
        await using var store = new SeriesStore(new MetricsOptions { Retention = TimeSpan.FromHours(1) });
        var old = new Sample(Start.AddMinutes(-61).ToUnixTimeMilliseconds(), 1);
        var report = store.Take(new SampleBatch("test", Start, [new SeriesSample(s_a, old)]));
        Assert.Equal([SampleRefusal.TooOld], report.First.Select(refused => refused.Reason));
        Assert.Equal((0, 1L), (store.Statistics.SeriesCount, store.Statistics.TooOld));
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MinValue + 1)]
    [InlineData(-1)]
    public async Task Take_TimesAtTheEndOfTheNumbers_AreRefusedNotWrapped(long time)
    {
        await using var store = new SeriesStore(new MetricsOptions { Retention = TimeSpan.FromDays(1), OutOfOrderWindow = TimeSpan.FromDays(1) });
        store.Append(Batch(Start, (s_a, 1)));
        var report = store.Take(new SampleBatch("test", Start, [new SeriesSample(s_a, new Sample(time, 1))]));
        Assert.Equal((0, 1), (report.Stored, report.Refused));
    }

    [Fact]
    public async Task Take_WhereMemoryIsFull_RefusesNewSeriesAndKeepsKnownOnesGoing()
    {
        long used = 0;
        await using var store = new SeriesStore(new MetricsOptions { MaxMemoryBytes = 100, MemoryInUse = () => used });
        store.Append(Batch(Start, (s_a, 1)));
        used = 100;
        for (var i = 0; i < 1_000; i++)
            store.Append(Batch(Start.AddSeconds(1), (Labels("new", ("i", $"{i}")), 1)));
        var known = store.Take(Batch(Start.AddSeconds(2), (s_a, 2)));
        var refused = store.Take(Batch(Start.AddSeconds(2), (Labels("another"), 2)));
        Assert.Equal((1, 0), (known.Stored, known.Refused));
        Assert.Equal([SampleRefusal.MemoryLimit], refused.First.Select(sample => sample.Reason));
        Assert.InRange(store.Statistics.SeriesCount, 2, 300);
        used = 50;
        Assert.Equal(1, store.Take(Batch(Start.AddSeconds(3), (Labels("another"), 2))).Stored);
    }
}
