using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class ExpositionCaptureTests
{
    [Fact]
    public void SecondFile_WithTheSameSpelling_IsOfItsOwnTarget()
    {
        var reader = new ExpositionCapture();
        var items = new List<RecordedItem>();
        foreach (var node in (string[])["n0", "n1", "n0"])
        {
            var digest = new CaptureDigest(items);
            reader.Read(new CaptureFile($"scrape/dcgm/{node}.prom", World.Utf8("a{gpu=\"0\"} 1\na{gpu=\"0\"} 2\n").ToArray(), World.Start, LabelSet.Empty), digest);
            var report = digest.Report(node, reader.Kind);
            Assert.Equal((1L, 1L, "line 2: the series appears twice: a{gpu=\"0\"} 2"), (report.Samples, report.Refused, report.Reasons[0]));
        }

        Assert.Equal(
            ["a{gpu=\"0\", instance=\"n0\", job=\"dcgm\", node=\"n0\"} 1", "a{gpu=\"0\", instance=\"n1\", job=\"dcgm\", node=\"n1\"} 1", "a{gpu=\"0\", instance=\"n0\", job=\"dcgm\", node=\"n0\"} 1"],
            items.SelectMany(item => World.Show(item.Samples!)));
    }

    [Fact]
    public void FileOfManySeries_LeavesNoRoomBehindForSmallOnes()
    {
        var cache = new SeriesCache(labels => new SeriesShape(labels));
        var reader = new ExpositionReader(cache);
        var samples = new List<SeriesSample>();
        var many = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"a{{i=\"{i}\"}} 1\n"));
        reader.Read(World.Utf8(many).Span, new ReadSettings(ExpositionFormat.Text, 1), samples);
        Assert.Equal((200_000, 200_000), (samples.Count, cache.Count));

        cache.Clear();
        samples.Clear();
        reader.Read("a{i=\"7\"} 2\n"u8, new ReadSettings(ExpositionFormat.Text, 2), samples);

        Assert.Equal((1, 1, true), (samples.Count, cache.Count, cache.HasNew));
        Assert.Empty(cache.Vanished());
    }
}
