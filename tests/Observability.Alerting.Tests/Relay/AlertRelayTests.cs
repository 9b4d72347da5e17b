using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Model;

namespace Observability.Alerting.Tests;

public sealed class AlertRelayTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Alertmanagers _far = new();
    private readonly RecordingOutput _pipeline = new();
    private readonly AlertRelayOptions _options = new() { Alertmanagers = [new Uri("http://one.test/"), new Uri("http://two.test/prefix/")] };
    private readonly HttpClient _http;
    private readonly AlertRelay _relay;

    public AlertRelayTests()
    {
        _http = new HttpClient(_far);
        _relay = new AlertRelay(_pipeline, _options, _http, NullLogger<AlertRelay>.Instance);
    }

    public void Dispose()
    {
        _relay.Dispose();
        _http.Dispose();
        _far.Dispose();
    }

    [Fact]
    public async Task FiringAlert_ReachesThePipelineAtOnceAndEveryAlertmanagerInItsOwnWords()
    {
        _relay.Post(Firing("GpuHot", Start));
        await RunAsync(Start);

        Assert.Equal("GpuHot", Assert.Single(_pipeline.Alerts).Name);
        Assert.Equal(["http://one.test/api/v2/alerts", "http://two.test/prefix/api/v2/alerts"], _far.Posts.Select(post => post.Url).Order());
        Assert.Equal(
            """[{"labels":{"alertname":"GpuHot","node":"n1"},"annotations":{"summary":"92 C"},"startsAt":"2026-03-01T12:00:00.000Z","endsAt":"2026-03-01T12:04:00.000Z","generatorURL":"http://here/graph"}]""",
            _far.Posts[0].Body);
    }

    [Fact]
    public async Task AlertThatIsHeldBack_ReachesThePipelineOnly()
    {
        _options.HoldsBack = alert => alert.Name == "GpuHot";
        _relay.Post(Firing("GpuHot", Start));
        _relay.Post(Firing("GpuGone", Start));
        await RunAsync(Start);

        Assert.Equal(["GpuHot", "GpuGone"], _pipeline.Alerts.Select(alert => alert.Name));
        Assert.All(_far.Posts, post => Assert.DoesNotContain("GpuHot", post.Body, StringComparison.Ordinal));
        Assert.Equal(2, _far.Posts.Count);
    }

    [Fact]
    public async Task End_IsToldAtOnceThenEachTimeTheResendDelayHasPassed_ForAQuarterOfAnHour()
    {
        _relay.Post(Ended("GpuHot", Start));
        var told = new List<int>();
        for (var second = 0; second <= 1_200; second += 10)
        {
            var before = _far.Posts.Count;
            await RunAsync(Start.AddSeconds(second));
            if (_far.Posts.Count > before)
                told.Add(second);
        }

        Assert.Equal([0, .. Enumerable.Range(1, 12).Select(count => 70 * count)], told);
        Assert.All(_far.Posts, post => Assert.Contains("\"endsAt\":\"2026-03-01T12:00:00.000Z\"", post.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task EndOfAnAlertThatFiresAgain_IsNotToldAgain()
    {
        _relay.Post(Ended("GpuHot", Start));
        await RunAsync(Start);
        _relay.Post(Firing("GpuHot", Start.AddSeconds(30)));
        await RunAsync(Start.AddSeconds(30));
        _far.Posts.Clear();

        for (var second = 40; second <= 1_200; second += 10)
            await RunAsync(Start.AddSeconds(second));

        Assert.Empty(_far.Posts);
    }

    [Fact]
    public async Task Storm_GoesInBatchesAndBeyondTheQueueTheOldestAreLost()
    {
        _options.QueueCapacity = 600;
        for (var i = 0; i < 700; i++)
            _relay.Post(Firing($"A{i:000}", Start));

        await RunAsync(Start);

        var first = _far.Posts.Where(post => post.Url.Contains("one", StringComparison.Ordinal)).ToArray();
        Assert.Equal([256, 256, 88], first.Select(post => post.Alerts.Count));
        Assert.Equal("A100", (string?)first[0].Alerts[0]!["labels"]!["alertname"]);
        Assert.Equal(700, _pipeline.Alerts.Count);
    }

    [Fact]
    public async Task AlertmanagerThatRefuses_KeepsNothingFromTheOtherAndIsAskedAgainWithTheNextAlert()
    {
        _far.Refuses = "one.test";
        _relay.Post(Firing("A", Start));
        await RunAsync(Start);
        _far.Refuses = "";
        _relay.Post(Firing("A", Start.AddSeconds(61)));
        await RunAsync(Start.AddSeconds(61));

        Assert.Equal(["one.test 500", "two.test 200", "one.test 200", "two.test 200"], _far.Answers.Chunk(2).SelectMany(pair => pair.Order()));
    }

    [Fact]
    public async Task WithoutAlertmanagers_NothingIsKept()
    {
        _options.Alertmanagers = [];
        _relay.Post(Ended("A", Start));
        await RunAsync(Start);
        _options.Alertmanagers = [new Uri("http://one.test/")];
        await RunAsync(Start.AddMinutes(2));

        Assert.Empty(_far.Posts);
        Assert.Single(_pipeline.Alerts);
    }

    private static Alert Firing(string name, DateTimeOffset at) => new()
    {
        Labels = LabelSet.Of(("alertname", name), ("node", "n1")),
        Annotations = LabelSet.Of(("summary", "92 C")),
        State = AlertState.Firing,
        StartsAt = at,
        UpdatedAt = at,
        EndsAt = at.AddMinutes(4),
        GeneratorUrl = "http://here/graph",
    };

    private static Alert Ended(string name, DateTimeOffset at) =>
        Firing(name, at.AddMinutes(-5)) with { State = AlertState.Resolved, EndsAt = at, UpdatedAt = at };

    private async Task RunAsync(DateTimeOffset now)
    {
        _relay.RunDue(now);
        while (_relay.IsSending)
            await Task.Delay(1);
    }

    private sealed record Post(string Url, string Body)
    {
        public JsonArray Alerts => JsonNode.Parse(Body)!.AsArray();
    }

    private sealed class Alertmanagers : HttpMessageHandler
    {
        public List<Post> Posts { get; } = [];

        public List<string> Answers { get; } = [];

        public string Refuses { get; set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsStringAsync(cancellationToken);
            var status = request.RequestUri!.Host == Refuses ? HttpStatusCode.InternalServerError : HttpStatusCode.OK;
            lock (Posts)
            {
                Posts.Add(new Post(request.RequestUri.AbsoluteUri, body));
                Answers.Add($"{request.RequestUri.Host} {(int)status}");
            }

            return new HttpResponseMessage(status) { Content = new StringContent("") };
        }
    }
}
