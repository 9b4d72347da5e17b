using System.IO.Compression;
using System.Text;
using Observability.Collectors;

namespace Observability.Server.Tests;

/// <summary>Targets that answer nonsense, beside one that does not: the fault is named and counted, and the neighbour is read.</summary>
public sealed class BadScrapeTests : IAsyncLifetime
{
    private const string Refused = "observability_collectors_refused_total";
    private FakeTargets _targets = null!;
    private World _world = null!;

    public async ValueTask InitializeAsync()
    {
        _targets = await FakeTargets.StartAsync();
        _targets.Serve("/good", "healthy_things 7\n");
        _world = await World.StartAsync(options =>
        {
            options.Collect.SampleLimit = 50;
            foreach (var (path, node) in (ReadOnlySpan<(string, string)>)[("/bad", "node-001"), ("/good", "node-002")])
                options.Collect.Targets.Add(new TargetOptions { Url = _targets.Url + path, Job = "node", Node = node });
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _targets.DisposeAsync();
    }

    [Fact]
    public async Task MalformedLines_AreNamedWithTheirLineAndCounted_TheOthersCount()
    {
        _targets.Serve("/bad", "one 1\ntwo{ 2\nthree abc\nfour 4\n");

        var moved = await _world.MovedAsync(() => _world.StepAsync(12), Refused, ("source", "scrape"), ("reason", "line"));

        Assert.True(moved >= 2, $"{moved} lines were counted");
        Assert.Equal([(2, "two{ 2"), (3, "three abc")], Bad().Refused.Select(line => (line.Line, line.Text)));
        Assert.All(Bad().Refused, line => Assert.NotEmpty(line.Reason));
        Assert.Equal(["""four{instance="", job="node", node="node-001"} 4"""], (await _world.QueryAsync("four")).Select(Anonymous));
        await AssertNeighbourAsync(badIsUp: true);
    }

    [Theory]
    [InlineData("text/html", "Content-Type 'text/html' is not metrics; serve text/plain or application/openmetrics-text")]
    [InlineData("application/json", "Content-Type 'application/json' is not metrics; serve text/plain or application/openmetrics-text")]
    public async Task WrongContentType_FailsThisTargetOnly(string type, string error)
    {
        _targets.Serve("/bad", "one 1\n", type);

        await AssertFailsAsync(error);
    }

    [Fact]
    public async Task TruncatedGzip_FailsThisTargetOnly()
    {
        var whole = Gzip("one 1\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"many{{i=\"{i * 7919}\"}} {i}\n")));
        _targets.Serve("/bad", whole[..(whole.Length / 2)], "text/plain", "gzip");

        await AssertFailsAsync("the gzip body is truncated: its size mark does not match");
    }

    [Fact]
    public async Task MoreSamplesThanTheLimit_FailsThisTargetOnly()
    {
        _targets.Serve("/bad", string.Concat(Enumerable.Range(0, 51).Select(i => $"many{{i=\"{i}\"}} {i}\n")));

        await AssertFailsAsync("more than 50 samples");
        Assert.Empty(await _world.QueryAsync("many"));
    }

    [Fact]
    public async Task NotANumberAndBlankSentinels_AreUnknownNotZero()
    {
        _targets.Serve("/bad", """
            # TYPE DCGM_FI_DEV_GPU_TEMP gauge
            DCGM_FI_DEV_GPU_TEMP{gpu="0",UUID="GPU-0"} 41
            DCGM_FI_DEV_GPU_TEMP{gpu="1",UUID="GPU-1"} 9223372036854775794
            DCGM_FI_DEV_GPU_TEMP{gpu="2",UUID="GPU-2"} 2147483632
            ratio NaN
            
            """);

        var moved = await _world.MovedAsync(() => _world.StepAsync(12), "observability_collectors_unknown_values_total", ("source", "scrape"));

        Assert.True(moved >= 2, $"{moved} unknown values were counted");
        Assert.Equal(["GPU-0"], await ValuesAsync("UUID", "DCGM_FI_DEV_GPU_TEMP"));
        Assert.EndsWith(" NaN", Assert.Single(await _world.QueryAsync("ratio")), StringComparison.Ordinal);
        await AssertNeighbourAsync(badIsUp: true);
    }

    [Fact]
    public async Task DuplicatedSeries_TheFirstCountsAndTheOtherIsCounted()
    {
        _targets.Serve("/bad", "twice{a=\"1\"} 1\ntwice{a=\"1\"} 2\nonce 1\n");

        var scrape = await _world.CounterAsync(Refused, ("source", "scrape"));
        var store = await _world.CounterAsync("observability_metrics_samples_refused_total", ("reason", "duplicate"));
        await _world.StepAsync(12);

        Assert.True(
            await _world.CounterAsync(Refused, ("source", "scrape")) > scrape
            || await _world.CounterAsync("observability_metrics_samples_refused_total", ("reason", "duplicate")) > store,
            "neither the reader nor the store counted the second sample");
        Assert.EndsWith(" 1", Assert.Single(await _world.QueryAsync("twice")), StringComparison.Ordinal);
        await AssertNeighbourAsync(badIsUp: true);
    }

    [Fact]
    public async Task TimesOfAnotherClock_AreReplacedByOurs()
    {
        _targets.Serve("/bad", FormattableString.Invariant(
            $"old 3 {World.Start.AddYears(-1).ToUnixTimeMilliseconds()}\nearly 1 {World.Start.AddSeconds(-20).ToUnixTimeMilliseconds()}\nlate 2 {World.Start.AddYears(1).ToUnixTimeMilliseconds()}\n"));

        await _world.StepAsync(12);

        Assert.Single(await _world.QueryAsync("early"));
        Assert.Single(await _world.QueryAsync("late"));
        // What was true a year ago is no value of now.
        Assert.Empty(await _world.QueryAsync("old"));
        await AssertNeighbourAsync(badIsUp: true);
    }

    private async Task AssertFailsAsync(string error)
    {
        var moved = await _world.MovedAsync(() => _world.StepAsync(12), "observability_collectors_reads_total", ("source", "scrape"), ("outcome", "failed"));

        Assert.True(moved >= 1, "no failed read was counted");
        Assert.Equal((TargetHealth.Down, error), (Bad().Health, Bad().LastError));
        var shown = (await _world.GetAsync("/api/v1/targets")).Json["data"]!["activeTargets"]!.AsArray().Single(target => (string)target!["labels"]!["node"]! == "node-001")!;
        Assert.Equal(("down", error), ((string)shown["health"]!, (string)shown["lastError"]!));
        await AssertNeighbourAsync(badIsUp: false);
    }

    private async Task AssertNeighbourAsync(bool badIsUp)
    {
        Assert.Equal([$"node-001 {(badIsUp ? 1 : 0)}", "node-002 1"], (await _world.QueryAsync("sum by (node) (up)")).Order().Select(line => line.Replace("{node=\"", "", StringComparison.Ordinal).Replace("\"}", "", StringComparison.Ordinal)));
        Assert.EndsWith(" 7", Assert.Single(await _world.QueryAsync("healthy_things")), StringComparison.Ordinal);
        Assert.Equal("ok", (await _world.GetAsync("/healthz")).Body);
    }

    private TargetStatus Bad() => _world.Platform.Scrapes.Targets.Single(target => target.Target.Labels["node"] == "node-001");

    private async Task<string[]> ValuesAsync(string label, string metric) =>
        [.. (await _world.GetAsync($"/api/v1/label/{label}/values?match[]={metric}")).Json["data"]!.AsArray().Select(value => (string)value!)];

    private static string Anonymous(string series) => System.Text.RegularExpressions.Regex.Replace(series, "instance=\"[^\"]*\"", "instance=\"\"");

    private static byte[] Gzip(string text)
    {
        using var buffer = new MemoryStream();
        using (var zip = new GZipStream(buffer, CompressionLevel.Fastest))
            zip.Write(Encoding.UTF8.GetBytes(text));
        return buffer.ToArray();
    }
}
