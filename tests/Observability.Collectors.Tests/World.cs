using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Observability.Model;

namespace Observability.Collectors.Tests;

/// <summary>Sinks that remember, a clock that stands still, and an HTTP server that plays a script.</summary>
internal sealed class World : ISampleSink, IEventSink, IAlertSink, ITopologySink
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public World() => Outside = new Outside(new HttpClient(new Script(this)), Clock, NullLoggerFactory.Instance);

    public FakeTimeProvider Clock { get; } = new(Start);

    public Outside Outside { get; }

    public List<SampleBatch> Batches { get; } = [];

    public List<TelemetryEvent> Events { get; } = [];

    public List<Alert> Alerts { get; } = [];

    public List<TopologyChange> Changes { get; } = [];

    public List<string> Requests { get; } = [];

    public Func<HttpRequestMessage, HttpResponseMessage> Answer { get; set; } = _ => new HttpResponseMessage(HttpStatusCode.NotFound);

    public static string SharedData(params string[] path)
    {
        var folder = Testing.SharedData.Folder(path);
        Assert.SkipUnless(Directory.Exists(folder), $"{folder} is not on this machine");
        return folder;
    }

    public static HttpResponseMessage Text(string body, string type = "text/plain", string? encoding = null) =>
        Bytes(Encoding.UTF8.GetBytes(body), type, encoding);

    public static HttpResponseMessage Bytes(byte[] body, string type = "text/plain", string? encoding = null)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    public static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Samples of a batch as text; a stale marker shows as <c>stale</c>.</summary>
    public static string[] Show(SampleBatch batch) =>
        [.. batch.Samples.Select(sample =>
            $"{sample.Labels} {(StaleMarker.Is(sample.Sample.Value) ? "stale" : FormattableString.Invariant($"{sample.Sample.Value}"))}")];

    public void Append(SampleBatch batch) => Batches.Add(batch);

    public void Publish(TelemetryEvent telemetryEvent) => Events.Add(telemetryEvent);

    public int AlertRoom { get; set; } = int.MaxValue;

    public bool TryPost(Alert alert)
    {
        if (Alerts.Count >= AlertRoom)
            return false;
        Alerts.Add(alert);
        return true;
    }

    public void Apply(TopologyChange change) => Changes.Add(change);

    private sealed class Script(World world) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (world.Requests)
                world.Requests.Add(request.RequestUri!.PathAndQuery);
            return Task.FromResult(world.Answer(request));
        }
    }
}
