using System.IO.Compression;
using System.Text;
using Observability.Model;

namespace Observability.Server.Tests;

/// <summary>Bodies that do not fit: refused with a reason, counted by door and reason, and the door stays open.</summary>
public sealed class BadPushTests : IAsyncLifetime
{
    private const string Requests = "observability_requests_refused_total";
    private const int Limit = 2_048;
    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.StartAsync(options => options.Server.MaximumBodyBytes = Limit);

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Theory]
    [InlineData("/v1/metrics", "otlp")]
    [InlineData("/api/v2/alerts", "alertmanager")]
    [InlineData("/api/webhooks/alertmanager", "alertmanager")]
    public async Task BodyOverTheLimit_Is413(string path, string door)
    {
        Answer? answer = null;
        var moved = await _world.MovedAsync(async () => answer = await _world.PostAsync(path, new string(' ', Limit + 1)), Requests, ("door", door), ("reason", "too_large"));

        Assert.Equal((413, 1d), (answer!.Status, moved));
        Assert.Contains($"the body is larger than {Limit} bytes", answer.Body, StringComparison.Ordinal);
        await AssertDoorsAreOpenAsync();
    }

    [Fact]
    public async Task RestBodyOverTheLimit_Is413WithAReason()
    {
        Answer? answer = null;
        var moved = await _world.MovedAsync(
            async () => answer = await _world.PostAsync("/api/silences", $$"""{"comment":"{{new string('x', Limit)}}"}"""), Requests, ("door", "rest"), ("reason", "too_large"));

        Assert.Equal((413, 1d, "the body is larger than server.maximum_body_bytes"), (answer!.Status, moved, answer.Error));
    }

    [Fact]
    public async Task GzipBomb_Is413BeforeItIsUnpacked()
    {
        var answer = await _world.PostAsync("/v1/metrics", Gzip(new string(' ', 1_000_000)), "application/json", ("Content-Encoding", "gzip"));

        Assert.Equal(413, answer.Status);
    }

    [Theory]
    [InlineData("/v1/metrics", "otlp")]
    [InlineData("/api/v2/alerts", "alertmanager")]
    public async Task TruncatedGzip_Is400(string path, string door)
    {
        var whole = Gzip("""[{"labels":{"alertname":"X"}}]""");
        Answer? answer = null;
        var moved = await _world.MovedAsync(
            async () => answer = await _world.PostAsync(path, whole[..^9], "application/json", ("Content-Encoding", "gzip")), Requests, ("door", door), ("reason", "bad_request"));

        Assert.Equal((400, 1d), (answer!.Status, moved));
        Assert.Contains("the gzip body is truncated", answer.Body, StringComparison.Ordinal);
        await AssertDoorsAreOpenAsync();
    }

    [Theory]
    [InlineData("/v1/metrics", "otlp", "Content-Type 'text/plain' is not supported; send application/x-protobuf or application/json")]
    [InlineData("/api/silences", "rest", "Content-Type 'text/plain' is not taken here; send application/json")]
    public async Task WrongContentType_Is415(string path, string door, string says)
    {
        Answer? answer = null;
        var moved = await _world.MovedAsync(async () => answer = await _world.PostAsync(path, "{}", "text/plain"), Requests, ("door", door), ("reason", "content_type"));

        Assert.Equal((415, 1d), (answer!.Status, moved));
        Assert.Contains(says, answer.Body, StringComparison.Ordinal);
        await AssertDoorsAreOpenAsync();
    }

    [Fact]
    public async Task AlertWithoutLabels_IsRefusedByItsPlaceAndTheOthersCount()
    {
        Answer? answer = null;
        var moved = await _world.MovedAsync(
            async () => answer = await _world.PostAsync("/api/v2/alerts", """[{"annotations":{"summary":"x"}},{"labels":{"alertname":"Known","node":"node-001"}},{"labels":{}}]"""),
            "observability_collectors_refused_total", ("source", "alertmanager"), ("reason", "alert"));
        await _world.StepAsync();

        Assert.Equal((400, 2d), (answer!.Status, moved));
        Assert.Contains("alerts[0]", answer.Body, StringComparison.Ordinal);
        Assert.Contains("alerts[2]", answer.Body, StringComparison.Ordinal);
        Assert.Equal(["Known"], _world.Snapshot.Alerts.Values.Select(view => view.Alert.Name));
    }

    [Fact]
    public async Task OtlpFromAClockThatRunsAhead_IsStoredNowAndCounted()
    {
        var ahead = World.Start.AddHours(3).ToUnixTimeMilliseconds() * 1_000_000;
        var moved = await _world.MovedAsync(
            async () => Assert.Equal(200, (await _world.PostAsync("/v1/metrics", Gauge("train_loss", 2.5, ahead))).Status),
            "observability_collectors_clamped_times_total", ("source", "otlp"));
        await _world.StepAsync();

        Assert.Equal(1, moved);
        Assert.EndsWith(" 2.5", Assert.Single(await _world.QueryAsync("train_loss")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtlpOlderThanWhatIsKnown_IsRefusedAndCounted()
    {
        await _world.PostAsync("/v1/metrics", Gauge("train_loss", 2, World.Start.ToUnixTimeMilliseconds() * 1_000_000));
        var moved = await _world.MovedAsync(
            () => _world.PostAsync("/v1/metrics", Gauge("train_loss", 3, World.Start.AddMinutes(-1).ToUnixTimeMilliseconds() * 1_000_000)),
            "observability_metrics_samples_refused_total", ("reason", "out_of_order"));

        Assert.Equal(1, moved);
        Assert.EndsWith(" 2", Assert.Single(await _world.QueryAsync("train_loss")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/nothing", 404)]
    [InlineData("POST", "/api/noise", 405)]
    [InlineData("POST", "/api/v1/metadata", 405)]
    public async Task UnknownDoor_SaysWhereToLook(string method, string path, int status)
    {
        var answer = await _world.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal((status, $"{method} {path}: nothing answers this; /openapi/v1.json lists what does"), (answer.Status, answer.Error));
    }

    private async Task AssertDoorsAreOpenAsync()
    {
        Assert.Equal((200, ""), ((await _world.PostAsync("/api/v2/alerts", """[{"labels":{"alertname":"Open","node":"node-009"}}]""")) is { } answer ? (answer.Status, answer.Body) : default));
        await _world.StepAsync();
        Assert.Contains(_world.Snapshot.Alerts.Values, view => view.Alert.Name == "Open" && view.Alert.State == AlertState.Firing);
    }

    private static string Gauge(string name, double value, long unixNano) => FormattableString.Invariant(
        $$$"""{"resourceMetrics":[{"resource":{},"scopeMetrics":[{"metrics":[{"name":"{{{name}}}","gauge":{"dataPoints":[{"timeUnixNano":"{{{unixNano}}}","asDouble":{{{value}}} }]}}]}]}]}""");

    private static byte[] Gzip(string text)
    {
        using var buffer = new MemoryStream();
        using (var zip = new GZipStream(buffer, CompressionLevel.Fastest))
            zip.Write(Encoding.UTF8.GetBytes(text));
        return buffer.ToArray();
    }
}
