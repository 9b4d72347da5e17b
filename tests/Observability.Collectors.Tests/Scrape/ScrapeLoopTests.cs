using System.IO.Compression;
using System.Net;
using System.Text;
using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class ScrapeLoopTests : IDisposable
{
    private static readonly string[] OwnNames =
        ["up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_samples_post_metric_relabeling", "scrape_series_added"];

    private readonly World _world = new();
    private readonly ScrapeOptions _options = new() { Interval = TimeSpan.FromSeconds(10), SampleLimit = 5, BodyLimitBytes = 500 };
    private ScrapeLoop? _loop;

    public void Dispose() => _loop?.Dispose();

    [Fact]
    public async Task Scrape_GoodTarget_AttachesLabelsAndReportsItself()
    {
        _world.Answer = _ => World.Text("a{job=\"mine\",x=\"1\"} 4\nbad line here\n");

        await StepsAsync(2);

        var batch = Assert.Single(_world.Batches);
        const string own = "instance=\"h:1\", job=\"dcgm\", node=\"node-000\"";
        Assert.Equal(
            [
                "a{exported_job=\"mine\", instance=\"h:1\", job=\"dcgm\", node=\"node-000\", x=\"1\"} 4",
                $"up{{{own}}} 1", $"scrape_duration_seconds{{{own}}} 0", $"scrape_samples_scraped{{{own}}} 1",
                $"scrape_samples_post_metric_relabeling{{{own}}} 1", $"scrape_series_added{{{own}}} 1",
            ],
            World.Show(batch));
        var status = Assert.Single(_loop!.Targets);
        Assert.Equal((TargetHealth.Up, 1, 1), (status.Health, status.Samples, status.RefusedLines));
        Assert.Equal(2, status.Refused[0].Line);
    }

    [Fact]
    public async Task Scrape_SeriesVanishes_GetsAStaleMarkerOnce()
    {
        var bodies = new Queue<string>(["a 1\nb 2", "a 1", "a 1"]);
        _world.Answer = _ => World.Text(bodies.Dequeue());

        await StepsAsync(4);

        Assert.Equal(
            ["a 1,b 2", "a 1,b stale", "a 1"],
            _world.Batches.Select(batch => string.Join(',', Plain(batch))));
    }

    // A driver that is taken back has the labels of before: who learns from labels has to look again.
    [Fact]
    public async Task Scrape_SeriesComesBack_IsNewsAgain()
    {
        var bodies = new Queue<string>(["a{v=\"1\"} 1", "a{v=\"1\"} 1", "a{v=\"2\"} 1", "a{v=\"1\"} 1", "a{v=\"1\"} 1"]);
        _world.Answer = _ => World.Text(bodies.Dequeue());

        await StepsAsync(6);

        Assert.Equal([true, false, true, true, false], _world.Batches.Select(batch => batch.BringsNewSeries));
    }

    [Fact]
    public async Task Scrape_TargetFails_EndsItsSeriesAndSaysDown()
    {
        var answers = new Queue<HttpResponseMessage>(
            [World.Text("a 1"), new HttpResponseMessage(HttpStatusCode.ServiceUnavailable), new HttpResponseMessage(HttpStatusCode.ServiceUnavailable), World.Text("a 2")]);
        _world.Answer = _ => answers.Dequeue();

        await StepsAsync(5);

        Assert.Equal(["a 1", "a stale", "", "a 2"], _world.Batches.Select(batch => string.Join(',', Plain(batch))));
        Assert.Equal([1, 0, 0, 1], _world.Batches.Select(Up));
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "html", "Content-Type 'text/html' is not metrics; serve text/plain or application/openmetrics-text" },
        { "large", "the body has 600 bytes, more than the limit of 500" },
        { "bomb", "the body is larger than 500 bytes" },
        { "many", "more than 5 samples" },
        { "cut", "the OpenMetrics body does not end with # EOF; it is cut off" },
        { "garbage", "no line is a sample; line 1: a metric name holds letters, digits, '_' and ':' only: <html>" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Scrape_BadAnswer_IsRefusedWithItsReason(string answer, string error)
    {
        _world.Answer = _ => answer switch
        {
            "html" => World.Text("a 1", "text/html"),
            "large" => World.Text(new string('#', 600)),
            "bomb" => World.Bytes(Zip(new string('#', 5_000)), encoding: "gzip"),
            "many" => World.Text("a 1\nb 1\nc 1\nd 1\ne 1\nf 1"),
            "cut" => World.Text("a 1\nb 1", "application/openmetrics-text; version=1.0.0"),
            _ => World.Text("<html>\n"),
        };

        await StepsAsync(2);

        Assert.Equal(error, Assert.Single(_loop!.Targets).LastError);
        Assert.Equal(0, Up(Assert.Single(_world.Batches)));
        Assert.Equal(OwnNames, _world.Batches[0].Samples.Select(sample => sample.Labels.MetricName));
    }

    [Fact]
    public async Task Scrape_TruncatedGzip_IsRefusedAtEveryLength()
    {
        var whole = Zip("a 1\nb 2\nlonger_name{with=\"labels\"} 3.25\n");
        for (var length = 1; length < whole.Length; length++)
        {
            using var stream = new MemoryStream(whole[..length]);
            using var body = await LimitedBody.ReadAsync(stream, "gzip", 1_000, CancellationToken.None);
            Assert.Equal((length, BodyFault.Broken), (length, body.Fault));
        }

        _world.Answer = _ => World.Bytes(whole, encoding: "gzip");
        await StepsAsync(2);
        Assert.Equal("a 1,b 2,longer_name 3.25", string.Join(',', Plain(Assert.Single(_world.Batches))));
    }

    [Fact]
    public async Task Scrape_TargetHangs_IsDownAfterTheTimeout()
    {
        var options = new ScrapeOptions { Interval = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(8) };
        using var http = new HttpClient(new Hanging());
        using var loop = new ScrapeLoop([Fixed("http://h:1/m")], _world, options, _world.Outside with { Http = http });
        await loop.RunDueAsync(World.Start, CancellationToken.None);

        var step = loop.RunDueAsync(World.Start + options.Interval, CancellationToken.None);
        _world.Clock.Advance(TimeSpan.FromSeconds(9));
        await step;

        Assert.Equal("no answer within 8 s", Assert.Single(loop.Targets).LastError);
    }

    [Fact]
    public async Task Scrape_TargetSlowerThanTheStep_IsHandedOnLaterAndDoesNotHoldTheOthers()
    {
        var options = new ScrapeOptions { Interval = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(8), StepPatience = TimeSpan.FromSeconds(1) };
        var gate = new TaskCompletionSource<HttpResponseMessage>();
        using var http = new HttpClient(new Gated(gate.Task));
        using var loop = new ScrapeLoop([Fixed("http://a:1/slow"), Fixed("http://b:1/m")], _world, options, _world.Outside with { Http = http });
        await loop.RunDueAsync(World.Start, CancellationToken.None);

        var step = loop.RunDueAsync(World.Start.AddSeconds(1), CancellationToken.None);
        _world.Clock.Advance(TimeSpan.FromSeconds(2));
        await step;
        var first = _world.Batches.Select(batch => batch.Source).ToArray();
        gate.SetResult(World.Text("a 1"));
        await loop.RunDueAsync(World.Start.AddSeconds(1.1), CancellationToken.None);

        Assert.Equal(["http://b:1/m"], first);
        Assert.Equal(["http://b:1/m", "http://a:1/slow"], _world.Batches.Select(batch => batch.Source));
        Assert.Equal(World.Start.AddSeconds(1), _world.Batches[1].At);
    }

    [Fact]
    public async Task Scrape_ManyTargets_AreSpreadAlikeOnEveryRunAndHandedOnInOrder()
    {
        string[] RunOf(World world) => [.. world.Batches.Select(batch => $"{batch.Source} {batch.At.Second}")];
        var worlds = new[] { new World(), new World() };
        foreach (var world in worlds)
        {
            world.Answer = _ => World.Text("a 1");
            using var loop = new ScrapeLoop(
                [.. Enumerable.Range(0, 40).Select(i => Fixed($"http://h{i:00}:1/m", $"node-{i:000}"))], world, new ScrapeOptions(), world.Outside);
            for (var second = 0; second <= 10; second++)
                await loop.RunDueAsync(World.Start.AddSeconds(second), CancellationToken.None);
        }

        Assert.Equal(RunOf(worlds[0]), RunOf(worlds[1]));
        Assert.Equal(40, worlds[0].Batches.Select(batch => batch.Source).Distinct().Count());
        Assert.True(worlds[0].Batches.Select(batch => batch.At).Distinct().Count() >= 8);
        Assert.All(worlds[0].Batches.GroupBy(batch => batch.At), step =>
            Assert.Equal(step.Select(batch => batch.Source).Order(StringComparer.Ordinal), step.Select(batch => batch.Source)));
    }

    [Fact]
    public async Task Scrape_TargetLeavesDiscovery_EndsAllItsSeries()
    {
        var listed = true;
        _world.Answer = request => request.RequestUri!.AbsolutePath == "/targets"
            ? World.Text(listed ? """[{"targets":["h:1"],"labels":{"job":"node","node":"n","__metrics_path__":"/x"}}]""" : "[]", "application/json")
            : World.Text("a 1");
        var options = new ScrapeOptions { DiscoveryInterval = TimeSpan.FromSeconds(20) };
        using var loop = new ScrapeLoop([new HttpTargets(new Uri("http://sd:1/targets"), _world.Outside.Http)], _world, options, _world.Outside);
        await loop.RunDueAsync(World.Start, CancellationToken.None);
        await loop.RunDueAsync(World.Start.AddSeconds(10), CancellationToken.None);
        listed = false;
        await loop.RunDueAsync(World.Start.AddSeconds(20), CancellationToken.None);

        Assert.Equal(["/targets", "/x", "/targets"], _world.Requests);
        Assert.All(_world.Batches[^1].Samples, sample => Assert.True(StaleMarker.Is(sample.Sample.Value)));
        Assert.Equal(["a", .. OwnNames], _world.Batches[^1].Samples.Select(sample => sample.Labels.MetricName));
        Assert.Empty(loop.Targets);
    }

    [Fact]
    public void Discovery_BadEntries_AreNamedAndTheOthersKept()
    {
        var set = HttpTargets.Parse(World.Utf8(
            """[{"targets":["a:1",7,"b:2/x"],"labels":{"job":"j","n":3}},{"labels":{}},{"targets":["c:3"],"labels":{"__scheme__":"https","instance":"i","__param_q":"1 2"}}]"""));

        Assert.Equal(
            ["http://a:1/metrics {instance=\"a:1\", job=\"j\"}", "https://c:3/metrics?q=1%202 {instance=\"i\"}"],
            set.Targets!.Select(target => target.Key));
        Assert.Equal(
            "[0].labels.n must be a string; [0].targets has 7; write \"host:port\"; [0].targets has \"b:2/x\"; write \"host:port\"; [1] has no list 'targets'",
            set.Error);
        Assert.Null(HttpTargets.Parse(World.Utf8("{}")).Targets);
    }

    private static FixedTargets Fixed(string url, string node = "node-000") =>
        new([ScrapeTarget.Of(new Uri(url), LabelSet.Of(("job", "dcgm"), ("node", node)))]);

    private static IEnumerable<string> Plain(SampleBatch batch) => World.Show(batch)
        .Where(line => !OwnNames.Any(name => line.StartsWith(name + "{", StringComparison.Ordinal)))
        .Select(line => line[..line.IndexOf('{', StringComparison.Ordinal)] + line[line.LastIndexOf(' ')..]);

    private static double Up(SampleBatch batch) => batch.Samples.Single(sample => sample.Labels.MetricName == "up").Sample.Value;

    private static byte[] Zip(string text)
    {
        using var buffer = new MemoryStream();
        using (var zip = new GZipStream(buffer, CompressionLevel.Optimal))
            zip.Write(Encoding.UTF8.GetBytes(text));
        return buffer.ToArray();
    }

    private async Task StepsAsync(int count)
    {
        _loop = new ScrapeLoop([Fixed("http://h:1/m")], _world, _options, _world.Outside);
        for (var i = 0; i < count; i++)
            await _loop.RunDueAsync(World.Start.AddSeconds(10 * i), CancellationToken.None);
    }

    private sealed class Hanging : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return new HttpResponseMessage();
        }
    }

    private sealed class Gated(Task<HttpResponseMessage> gate) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            request.RequestUri!.AbsolutePath == "/slow" ? gate : Task.FromResult(World.Text("a 1"));
    }
}
