using System.Net;
using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class ForwarderTests : IDisposable
{
    private static readonly long Now = World.Start.ToUnixTimeMilliseconds();

    private readonly string _folder = Directory.CreateTempSubdirectory("collectors-forward-").FullName;
    private readonly World _world = new();
    private readonly Brain _brain;
    private Forwarder _forwarder;

    public ForwarderTests()
    {
        _brain = new Brain(_world);
        _world.Answer = _brain.Answer;
        _forwarder = Open();
    }

    public void Dispose()
    {
        _forwarder.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Samples_ArriveAsTheyWereRead()
    {
        var series = LabelSet.Of(("__name__", "DCGM_FI_DEV_GPU_TEMP"), ("node", "n1"), ("größe", "é"));
        _forwarder.Append(new SampleBatch("http://n1", World.Start, [new(series, new Sample(Now, 61.5)), new(series, new Sample(Now + 1, StaleMarker.Value)), new(series, new Sample(Now + 2, 0))])
        {
            Metadata = [new MetricMetadata("DCGM_FI_DEV_GPU_TEMP", "gauge", "Temperature.", "celsius")],
            Exemplars = [new SeriesExemplar(series, LabelSet.Of(("trace_id", "ab")), new Sample(Now, 1))],
        });

        await RunAsync();

        var batch = Assert.Single(_brain.Batches);
        Assert.Equal(["DCGM_FI_DEV_GPU_TEMP{größe=\"é\", node=\"n1\"} 61.5", "DCGM_FI_DEV_GPU_TEMP{größe=\"é\", node=\"n1\"} stale", "DCGM_FI_DEV_GPU_TEMP{größe=\"é\", node=\"n1\"} 0"], World.Show(batch));
        Assert.Equal([Now, Now + 1, Now + 2], batch.Samples.Select(sample => sample.Sample.UnixMilliseconds));
        Assert.Equal([new MetricMetadata("DCGM_FI_DEV_GPU_TEMP", "gauge", "Temperature.", "celsius")], batch.Metadata);
        Assert.Equal("{trace_id=\"ab\"}", Assert.Single(batch.Exemplars).Labels.ToString());
        Assert.Equal(["/api/v1/write Bearer secret"], _brain.Requests);
        Assert.Equal(0, _forwarder.Waiting);
    }

    [Fact]
    public async Task WhileThePlatformIsDown_EverythingWaitsAndThenComesInOrder_AlsoOverARestart()
    {
        _brain.Status = HttpStatusCode.ServiceUnavailable;
        for (var i = 0; i < 60; i++)
        {
            Read(i);
            await RunAsync();
        }

        _forwarder.Dispose();
        _forwarder = Open();
        for (var i = 60; i < 70; i++)
            Read(i);
        Assert.Equal(70, _forwarder.Waiting);
        _brain.Status = HttpStatusCode.OK;
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        await RunAsync();

        Assert.Equal(Enumerable.Range(0, 70).Select(i => (double)i), _brain.Batches.Select(batch => batch.Samples[0].Sample.Value));
        Assert.Equal(0, _forwarder.Waiting);
        // The first failure waits one second, the next two, then four: a platform that starts is not overrun.
        Assert.InRange(_brain.Failures, 4, 8);
    }

    [Fact]
    public async Task RetryAfter_IsHonoured()
    {
        (_brain.Status, _brain.RetryAfter) = (HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(20));
        Read(1);
        await RunAsync();
        _brain.Status = HttpStatusCode.OK;

        await RunAsync(seconds: 19);
        Assert.Empty(_brain.Batches);
        await RunAsync(seconds: 2);
        Assert.Single(_brain.Batches);
    }

    [Fact]
    public async Task RequestThatIsRefusedForGood_DoesNotHoldUpTheNext()
    {
        _brain.Status = HttpStatusCode.BadRequest;
        Read(1);
        await RunAsync();
        _brain.Status = HttpStatusCode.OK;
        Read(2);
        await RunAsync();

        Assert.Equal([2], _brain.Batches.Select(batch => batch.Samples[0].Sample.Value));
    }

    [Fact]
    public void Events_ComeOutOfTheDoorAsTheyWentIn_HoweverLongTheyWaited()
    {
        var one = new TelemetryEvent
        {
            At = World.Start.AddTicks(1_234_567),
            Source = EventSource.Kmsg,
            Code = "xid:79",
            Raw = "NVRM: Xid (PCI:0000:3b:00): 79, pid='<unknown>'",
            Severity = EventSeverity.HardwareFatal,
            Labels = LabelSet.Of(("node", "n1"), ("pci_bus_id", "0000:3b:00.0")),
            Fields = LabelSet.Of(("message", "GPU has fallen off the bus.")),
            BootId = "b1",
            DedupeKey = "xid:79|n1",
        };

        var sink = new World();
        var door = new OtlpLogReceiver(sink, null, new OtlpOptions(), new TailOptions(), _world.Outside);
        _world.Clock.Advance(TimeSpan.FromDays(2));

        var outcome = door.Receive(EventRecords.Write([one, one with { Code = "xid:48", BootId = "" }], new ProtoWriter()), OtlpEncoding.Protobuf);

        Assert.Equal(new OtlpOutcome(200, 2, 0, ""), outcome);
        Assert.Equal([one, one with { Code = "xid:48", BootId = "" }], sink.Events);
    }

    [Fact]
    public void EventRecordOfAnUnknownSource_IsNoEventOfOurs()
    {
        var record = new OtlpLogRecord { TimeUnixNano = 1 };
        record.Attributes.AddRange([new("event.name", "xid:1"), new("event.source", "Nowhere"), new("event.severity", "Info")]);

        Assert.Null(EventRecords.Read(record));
    }

    private Forwarder Open() => new(new ForwardOptions { Url = new Uri("http://brain/"), ApiKey = "secret", Folder = _folder }, _world.Outside);

    private void Read(int value) => _forwarder.Append(new SampleBatch(
        "http://n1", World.Start, [new(LabelSet.Of(("__name__", "x")), new Sample(Now + value, value))]));

    private async Task RunAsync(int seconds = 1)
    {
        for (var second = 0; second < seconds; second++)
        {
            _world.Clock.Advance(TimeSpan.FromSeconds(1));
            _forwarder.RunDue(_world.Clock.GetUtcNow());
            while (_forwarder.IsSending)
                await Task.Delay(1);
        }
    }

    // What is sent is read by the doors that a platform has.
    private sealed class Brain(World world) : IReportingSink
    {
        private readonly RemoteWriteOptions _options = new();

        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        public TimeSpan? RetryAfter { get; set; }

        public int Failures { get; private set; }

        public List<SampleBatch> Batches { get; } = [];

        public List<string> Requests { get; } = [];

        public AppendReport Take(SampleBatch batch)
        {
            Batches.Add(batch);
            return new AppendReport(batch.Samples.Count, 0, []);
        }

        public HttpResponseMessage Answer(HttpRequestMessage request)
        {
            Requests.Add($"{request.RequestUri!.AbsolutePath} {request.Headers.Authorization}");
            if (Status != HttpStatusCode.OK)
            {
                Failures++;
                var answer = new HttpResponseMessage(Status);
                if (RetryAfter is { } wait)
                    answer.Headers.RetryAfter = new(wait);
                return answer;
            }

            var body = new MemoryStream();
            request.Content!.CopyTo(body, null, CancellationToken.None);
            var outcome = new RemoteWriteReceiver(this, _options, world.Outside).Receive(body.ToArray(), RemoteWriteProtocol.V1);
            return new HttpResponseMessage((HttpStatusCode)outcome.Status);
        }
    }
}
