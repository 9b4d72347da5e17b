using System.Diagnostics.Metrics;
using Observability.Model;

namespace Observability.Collectors.Tests;

/// <summary>The limits of https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config: below, at and above.</summary>
public sealed class ScrapeLimitsTests
{
    private readonly World _world = new();

    // The target adds instance, job and node to each series; its name is a label too.
    public static TheoryData<ScrapeOptions, string, string> Limits => new()
    {
        { new ScrapeOptions { SampleLimit = 2 }, "a 1\nb 1", "" },
        { new ScrapeOptions { SampleLimit = 2 }, "a 1\nb 1\nc 1", "more than 2 samples" },
        { new ScrapeOptions { LabelLimit = 5 }, "a 1\nb{x=\"1\"} 1", "" },
        { new ScrapeOptions { LabelLimit = 5 }, "a 1\nb{x=\"1\",y=\"2\"} 1", "b has 6 labels, more than the limit of 5" },
        { new ScrapeOptions { LabelNameLengthLimit = 8 }, "b{abcdefgh=\"1\"} 1", "" },
        { new ScrapeOptions { LabelNameLengthLimit = 8 }, "b{abcdefghi=\"1\"} 1", "b has a label name of 9 bytes, more than the limit of 8" },
        { new ScrapeOptions { LabelValueLengthLimit = 8 }, "a{x=\"üüüü\"} 1", "" },
        { new ScrapeOptions { LabelValueLengthLimit = 8 }, "a{x=\"üüüüü\"} 1", "a has a value of label x of 10 bytes, more than the limit of 8" },
        { new ScrapeOptions { LabelValueLengthLimit = 8 }, "long_name 1", "long_name has a value of label __name__ of 9 bytes, more than the limit of 8" },
        { new ScrapeOptions { BodyLimitBytes = 7 }, "a 1\nb 1", "" },
        { new ScrapeOptions { BodyLimitBytes = 6 }, "a 1\nb 1", "the body has 7 bytes, more than the limit of 6" },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task Scrape_AtALimit_PassesAndAboveItFailsAsAWhole(ScrapeOptions options, string body, string error)
    {
        _world.Answer = _ => World.Text(body);
        using var loop = Loop(options);
        // The same body again: what a limit refused once is refused each time.
        for (var i = 0; i < 3; i++)
            await loop.RunDueAsync(World.Start.AddSeconds(10 * i), CancellationToken.None);

        Assert.Equal(error, Assert.Single(loop.Targets).LastError);
        Assert.Equal(2, _world.Batches.Count);
        Assert.All(_world.Batches, batch => Assert.Equal(error.Length == 0 ? 1 : 0, Own(batch, "up")));
        Assert.All(_world.Batches, batch => Assert.Equal(error.Length == 0, batch.Samples.Any(sample => sample.Labels.MetricName is "a" or "b")));
    }

    [Fact]
    public async Task Scrape_ThatKeepsALimitAgain_IsUpAgain()
    {
        var bodies = new Queue<string>(["a 1", "a{x=\"1\"} 1", "a 1"]);
        _world.Answer = _ => World.Text(bodies.Dequeue());
        using var loop = Loop(new ScrapeOptions { LabelLimit = 4 });
        for (var i = 0; i < 4; i++)
            await loop.RunDueAsync(World.Start.AddSeconds(10 * i), CancellationToken.None);

        Assert.Equal([1, 0, 1], _world.Batches.Select(batch => Own(batch, "up")));
        Assert.True(StaleMarker.Is(_world.Batches[1].Samples[0].Sample.Value));
    }

    [Fact]
    public async Task SeriesAdded_CountsWhatTheScrapeBeforeDidNotBring()
    {
        var bodies = new Queue<string>(["a 1\nb 1", "a 1\nb 1", "a 1\nc 1\nd 1", "d 1", "x y"]);
        _world.Answer = _ => World.Text(bodies.Dequeue());
        using var loop = Loop(new ScrapeOptions());
        for (var i = 0; i < 6; i++)
            await loop.RunDueAsync(World.Start.AddSeconds(10 * i), CancellationToken.None);

        Assert.Equal([2, 0, 2, 0, 0], _world.Batches.Select(batch => Own(batch, "scrape_series_added")));
    }

    /// <summary>As in Prometheus the first of two counts, the scrape stays up, and both are counted as scraped.</summary>
    [Fact]
    public async Task SeriesTwiceInOneBody_KeepsTheFirst()
    {
        _world.Answer = _ => World.Text("a{x=\"1\"} 1\na{x=\"1\",y=\"\"} 2\nb 3");
        using var loop = Loop(new ScrapeOptions());
        for (var i = 0; i < 2; i++)
            await loop.RunDueAsync(World.Start.AddSeconds(10 * i), CancellationToken.None);

        var batch = Assert.Single(_world.Batches);
        Assert.Equal([1, 3], batch.Samples.Where(sample => sample.Labels.MetricName is "a" or "b").Select(sample => sample.Sample.Value));
        Assert.Equal((1, 3), (Own(batch, "up"), Own(batch, "scrape_samples_scraped")));
        Assert.Equal("the series appears twice", Assert.Single(Assert.Single(loop.Targets).Refused).Reason);
    }

    [Fact]
    public async Task SourceWithTooManyTargets_IsDownAsAWholeAndTheOthersAreScraped()
    {
        _world.Answer = _ => World.Text("a 1");
        var options = new ScrapeOptions { TargetsPerSourceLimit = 2 };
        using var loop = new ScrapeLoop([Source("a", "b", "c"), Source("c", "d")], _world, options, _world.Outside);
        for (var i = 0; i < 2; i++)
            await loop.RunDueAsync(World.Start.AddSeconds(10 * i), CancellationToken.None);

        Assert.Equal(["a 0", "b 0", "c 1", "d 1"], _world.Batches.Select(batch => $"{new Uri(batch.Source).Host} {Own(batch, "up")}"));
        Assert.Equal("its source names more than 2 targets, none of which is scraped; raise collect.target_limit or split the source", loop.Targets[0].LastError);
        Assert.Equal(["/m", "/m"], _world.Requests);
    }

    [Fact]
    public async Task EachRefusal_IsCountedByItsLimit()
    {
        var counted = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Name == "observability_collectors_refused_total")
                own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            lock (counted)
                counted.Add(string.Join(' ', tags.ToArray().Select(tag => tag.Value)) + $" {count}");
        });
        listener.Start();
        foreach (var (options, body) in ((ScrapeOptions, string)[])
            [
                (new() { SampleLimit = 1 }, "a 1\nb 1"), (new() { LabelLimit = 4 }, "a{x=\"1\"} 1"), (new() { LabelNameLengthLimit = 8 }, "a{abcdefghi=\"1\"} 1"),
                (new() { LabelValueLengthLimit = 8 }, "a{x=\"123456789\"} 1"), (new() { BodyLimitBytes = 2 }, "a 1"), (new() { TargetsPerSourceLimit = 1 }, "a 1"),
            ])
        {
            _world.Answer = _ => World.Text(body);
            using var loop = new ScrapeLoop([options.TargetsPerSourceLimit > 0 ? Source("a", "b") : Source("a")], _world, options, _world.Outside);
            for (var i = 0; i < 2; i++)
                await loop.RunDueAsync(World.Start.AddSeconds(10 * i), CancellationToken.None);
        }

        lock (counted)
        {
            string[] limits = ["scrape sample_limit 1", "scrape label_limit 1", "scrape label_name_length_limit 1", "scrape label_value_length_limit 1", "scrape body_size_limit 1", "scrape target_limit 1"];
            Assert.All(limits, limit => Assert.Contains(limit, counted));
        }
    }

    private ScrapeLoop Loop(ScrapeOptions options) => new([Source("h")], _world, options, _world.Outside);

    private static FixedTargets Source(params string[] hosts) =>
        new([.. hosts.Select(host => ScrapeTarget.Of(new Uri($"http://{host}:1/m"), LabelSet.Of(("job", "dcgm"), ("node", "node-000"))))]);

    private static double Own(SampleBatch batch, string name) => batch.Samples.Single(sample => sample.Labels.MetricName == name).Sample.Value;
}
