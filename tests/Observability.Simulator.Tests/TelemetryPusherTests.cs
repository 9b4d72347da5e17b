using System.Text.Json.Nodes;
using Observability.Model;

namespace Observability.Simulator.Tests;

public sealed class TelemetryPusherTests : IDisposable
{
    private readonly SimulatedFleet _world = new();
    private readonly Recorder _platform = new();

    [Fact]
    public async Task Push_EveryTenSeconds_SendsEachJobInItsEncoding()
    {
        var pusher = Pusher();
        for (var second = 0; second < 20; second++)
            await pusher.PushDueAsync(_world.After(1).Fleet.Now, TestContext.Current.CancellationToken);

        string[] once = ["/v1/metrics application/json", "/v1/metrics application/x-protobuf", "/v1/metrics application/json"];
        Assert.Equal([.. once, .. once, .. once], _platform.Calls.Select(call => $"{call.Path} {call.Type}"));
        Assert.Equal(OtlpProtobuf.Of(JobTelemetry.Of(_world.Job("moe-8x22b"), _world.Fleet)), _platform.Calls[7].Body);
    }

    [Fact]
    public async Task Push_OfAJobThatIsGone_SaysNothingOfIt()
    {
        _world.Inject(FaultClass.JobKilled, _world.Job("moe-8x22b").Id);

        await Pusher().PushDueAsync(_world.After(5).Fleet.Now, TestContext.Current.CancellationToken);

        Assert.Equal(["application/json", "application/json"], _platform.Calls.Select(call => call.Type));
    }

    [Fact]
    public async Task Push_Announcements_GoOutAtOnceAndOnce()
    {
        var pusher = Pusher();
        await pusher.PushDueAsync(_world.After(1).Fleet.Now, TestContext.Current.CancellationToken);
        _world.Inject(FaultClass.Maintenance, new EntityId(EntityKind.Node, "node-001"));
        _platform.Calls.Clear();

        await pusher.PushDueAsync(_world.After(1).Fleet.Now, TestContext.Current.CancellationToken);
        await pusher.PushDueAsync(_world.After(1).Fleet.Now, TestContext.Current.CancellationToken);

        var call = Assert.Single(_platform.Calls);
        Assert.Equal("/api/changes", call.Path);
        Assert.Equal("""[{"kind":"maintenance_start","at":"2026-03-01T12:00:02.0000000\u002B00:00","labels":{"node":"node-001"},"text":"firmware update of node-001"}]""", JsonNode.Parse(call.Body)!.ToJsonString());
    }

    [Fact]
    public async Task Push_ThatIsRefused_Throws()
    {
        _platform.Status = 503;

        await Assert.ThrowsAsync<HttpRequestException>(() => Pusher().PushDueAsync(_world.After(1).Fleet.Now, TestContext.Current.CancellationToken));
    }

    public void Dispose() => _platform.Dispose();

    private TelemetryPusher Pusher() => new(_world.Fleet, new HttpClient(_platform), "http://127.0.0.1:1");

    private sealed class Recorder : HttpMessageHandler
    {
        public List<(string Path, string Type, byte[] Body)> Calls { get; } = [];

        public int Status { get; set; } = 200;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Calls.Add((request.RequestUri!.AbsolutePath, request.Content!.Headers.ContentType!.MediaType!, await request.Content.ReadAsByteArrayAsync(cancellationToken)));
            return new HttpResponseMessage((System.Net.HttpStatusCode)Status);
        }
    }
}
