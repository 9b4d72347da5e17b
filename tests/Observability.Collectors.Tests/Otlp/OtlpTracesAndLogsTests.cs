using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class OtlpTracesAndLogsTests
{
    private static readonly ulong Noon = (ulong)World.Start.ToUnixTimeMilliseconds() * 1_000_000;

    private readonly World _world = new();
    private readonly OtlpTraceReceiver _traces;
    private readonly OtlpLogReceiver _logs;

    public OtlpTracesAndLogsTests()
    {
        _traces = new OtlpTraceReceiver(_world, _world, new OtlpOptions(), _world.Outside);
        _logs = new OtlpLogReceiver(_world, _world, new OtlpOptions(), new TailOptions(), _world.Outside);
    }

    [Theory]
    [InlineData(OtlpEncoding.Json)]
    [InlineData(OtlpEncoding.Protobuf)]
    public void Spans_OfATrainingJob_GiveStepDurationsAndTimeByKind(OtlpEncoding encoding)
    {
        var outcome = _traces.Receive(encoding == OtlpEncoding.Json ? SpansJson() : SpansProtobuf(), encoding);

        Assert.Equal(new OtlpOutcome(200, 3, 0, ""), outcome);
        const string owner = "job_name=\"run-7\", node=\"node-3\"";
        Assert.Equal(
            [$"train_span_seconds_total{{goodput=\"true\", {owner}, span=\"train.iteration\"}} 4.5", $"train_spans_total{{goodput=\"true\", {owner}, span=\"train.iteration\"}} 2",
                $"train_step_duration_seconds{{{owner}}} 2.5", $"train_step{{{owner}}} 12",
                $"train_span_seconds_total{{goodput=\"false\", {owner}, span=\"checkpoint.save\"}} 1", $"train_spans_total{{goodput=\"false\", {owner}, span=\"checkpoint.save\"}} 1"],
            World.Show(Assert.Single(_world.Batches)));
        var failed = Assert.Single(_world.Events);
        Assert.Equal(("train:span_failed", "checkpoint.save: disk full", World.Start), (failed.Code, failed.Raw, failed.At));
        Assert.Equal(LabelSet.Of(("job_name", "run-7"), ("node", "node-3")), failed.Labels);

        _traces.Receive(SpansJson(), OtlpEncoding.Json);
        Assert.Contains("span=\"train.iteration\"} 9", World.Show(_world.Batches[1])[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Spans_ThatCannotBe_AreRejectedOneByOne()
    {
        var outcome = _traces.Receive(World.Utf8(
            """{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"a","startTimeUnixNano":"5","endTimeUnixNano":"4"},{"startTimeUnixNano":"5","endTimeUnixNano":"6"},{"name":"ok","startTimeUnixNano":5,"endTimeUnixNano":6}]}]}]}"""),
            OtlpEncoding.Json);

        // In the order of their ends.
        Assert.Equal(new OtlpOutcome(200, 1, 2, "a: it ends at 4 ns and begins at 5 ns; a span has no name"), outcome);
        Assert.Equal("""{"partialSuccess":{"rejectedSpans":"2","errorMessage":"x"}}""", Encoding.UTF8.GetString(OtlpReply.Write(outcome with { Message = "x" }, OtlpEncoding.Json, OtlpSignal.Traces)));
        Assert.Equal(400, _traces.Receive(World.Utf8("[]"), OtlpEncoding.Json).Status);
        Assert.Equal(400, _traces.Receive(World.Utf8("{"), OtlpEncoding.Json).Status);
        Assert.Equal(400, _traces.Receive(new byte[] { 0x0a, 0x7f }, OtlpEncoding.Protobuf).Status);
        Assert.Equal(200, _traces.Receive(ReadOnlyMemory<byte>.Empty, OtlpEncoding.Protobuf).Status);
    }

    [Theory]
    [InlineData(OtlpEncoding.Json)]
    [InlineData(OtlpEncoding.Protobuf)]
    public void LogRecords_GoToTheReadersOfTheirOwner(OtlpEncoding encoding)
    {
        const string xid = "NVRM: Xid (PCI:0000:b3:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.";
        const string step = "step: 20  loss:  8.1  memory: 12.34GiB(25.00%)  tps: 5,000";
        var outcome = _logs.Receive(Logs(encoding, ("host.name", "node-3", xid), ("job_name", "llm", step), ("service.name", "x", "y")), encoding);

        Assert.Equal(new OtlpOutcome(200, 2, 1, "records without an owner: set the resource attribute host.name or job_name"), outcome);
        var read = Assert.Single(_world.Events);
        Assert.Equal(("xid:79", "node-3", World.Start), (read.Code, read.Labels["node"], read.At));
        Assert.Equal("train_step{job_name=\"llm\"} 20", World.Show(Assert.Single(_world.Batches))[0]);
        Assert.Equal(400, _logs.Receive(World.Utf8("{"), OtlpEncoding.Json).Status);
    }

    [Fact]
    public async Task Grpc_OfEverySignal_AnswersWithItsStatus()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        await using var app = builder.Build();
        app.MapOtlpGrpc(_traces);
        app.MapOtlpGrpc(_logs);
        app.MapOtlpGrpc(new OtlpReceiver(_world, new OtlpOptions { BodyLimitBytes = 100 }, _world.Outside));
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

        Assert.Equal("0  5", await CallAsync(http, "trace.v1.TraceService", SpansProtobuf()));
        Assert.Equal("0  5", await CallAsync(http, "logs.v1.LogsService", Logs(OtlpEncoding.Protobuf, ("job_name", "llm", "x")), gzip: true));
        var partial = OtlpReply.Write(new OtlpOutcome(200, 0, 1, "records without an owner: set the resource attribute host.name or job_name"), OtlpEncoding.Protobuf, OtlpSignal.Logs);
        Assert.Equal($"0  {5 + partial.Length}", await CallAsync(http, "logs.v1.LogsService", Logs(OtlpEncoding.Protobuf, ("other", "llm", "x"))));
        Assert.Equal("3 the body is not an ExportMetricsServiceRequest 0", await CallAsync(http, "metrics.v1.MetricsService", new byte[] { 0x0a, 0x7f }));
        Assert.Equal("8 the body is larger than 105 bytes 0", await CallAsync(http, "metrics.v1.MetricsService", new byte[200]));
        Assert.Equal("8 the body is larger than 100 bytes 0", await CallAsync(http, "metrics.v1.MetricsService", new byte[5_000], gzip: true));
        Assert.Equal(6, _world.Batches[0].Samples.Count);
    }

    private static async Task<string> CallAsync(HttpClient http, string service, ReadOnlyMemory<byte> message, bool gzip = false)
    {
        var packed = message.ToArray();
        if (gzip)
        {
            using var to = new MemoryStream();
            using (var zip = new System.IO.Compression.GZipStream(to, System.IO.Compression.CompressionMode.Compress))
                zip.Write(packed);
            packed = to.ToArray();
        }

        var frame = new byte[5 + packed.Length];
        frame[0] = gzip ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), packed.Length);
        packed.CopyTo(frame, 5);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/opentelemetry.proto.collector.{service}/Export")
        {
            Content = new ByteArrayContent(frame),
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        if (gzip)
            request.Headers.Add("grpc-encoding", "gzip");
        using var response = await http.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        string Trailer(string name) => response.TrailingHeaders.TryGetValues(name, out var values) ? Uri.UnescapeDataString(values.First()) : "";
        return $"{Trailer("grpc-status")} {Trailer("grpc-message")} {body.Length}";
    }

    private static ReadOnlyMemory<byte> SpansJson()
    {
        static string Span(string name, ulong start, double seconds, string attributes, string status = "{}") => FormattableString.Invariant(
            $$"""{"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174","name":"{{name}}","startTimeUnixNano":"{{start}}","endTimeUnixNano":"{{start + (ulong)(seconds * 1e9)}}","attributes":[{{attributes}}],"status":{{status}}}""");
        const string flagged = """{"key":"is_goodput_span","value":{"boolValue":true}},{"key":"iteration","value":{"intValue":"12"}}""";
        return World.Utf8(
            """{"resourceSpans":[{"resource":{"attributes":[{"key":"nemo.run.id","value":{"stringValue":"run-7"}},{"key":"host.name","value":{"stringValue":"node-3"}}]},"scopeSpans":[{"spans":["""
            + string.Join(',', Span("train.iteration", Noon - 5_000_000_000, 2, flagged), Span("train.iteration", Noon - 3_000_000_000, 2.5, flagged),
                Span("checkpoint.save", Noon - 1_000_000_000, 1, "", """{"code":2,"message":"disk full"}"""))
            + "]}]}]}");
    }

    private static ReadOnlyMemory<byte> SpansProtobuf()
    {
        static byte[] Span(string name, ulong start, double seconds, bool flagged, byte[]? status = null) =>
        [
            .. Field(1, Convert.FromHexString("5B8EFFF798038103D269B633813FC60C")), .. Field(2, Convert.FromHexString("EEE19B7EC3C1B174")),
            .. Field(5, Encoding.UTF8.GetBytes(name)), .. Fixed(7, start), .. Fixed(8, start + (ulong)(seconds * 1e9)),
            .. flagged ? (byte[])[.. Field(9, [.. Field(1, "is_goodput_span"u8), .. Field(2, [0x10, 1])]), .. Field(9, [.. Field(1, "iteration"u8), .. Field(2, [0x18, 12])])] : [],
            .. status is null ? [] : Field(15, status),
        ];
        var spans = (byte[])[
            .. Field(2, Span("train.iteration", Noon - 5_000_000_000, 2, true)), .. Field(2, Span("train.iteration", Noon - 3_000_000_000, 2.5, true)),
            .. Field(2, Span("checkpoint.save", Noon - 1_000_000_000, 1, false, [.. Field(2, "disk full"u8), 0x18, 2]))];
        return Field(1, [.. Field(1, [.. Attribute("nemo.run.id", "run-7"), .. Attribute("host.name", "node-3")]), .. Field(2, spans)]);
    }

    private static ReadOnlyMemory<byte> Logs(OtlpEncoding encoding, params (string Key, string Owner, string Body)[] records) => encoding == OtlpEncoding.Json
        ? World.Utf8("{\"resourceLogs\":[" + string.Join(',', records.Select(record => System.Text.Json.JsonSerializer.Serialize(new
        {
            resource = new { attributes = new[] { new { key = record.Key, value = new { stringValue = record.Owner } } } },
            scopeLogs = new[] { new { logRecords = new[] { new { timeUnixNano = $"{Noon}", body = new { stringValue = record.Body } } } } },
        }))) + "]}")
        : (byte[])[.. records.SelectMany(record => Field(1, [.. Field(1, Attribute(record.Key, record.Owner)),
            .. Field(2, Field(2, [.. Fixed(1, Noon), .. Field(5, Field(1, Encoding.UTF8.GetBytes(record.Body)))]))]))];

    private static byte[] Attribute(string key, string value) =>
        Field(1, [.. Field(1, Encoding.UTF8.GetBytes(key)), .. Field(2, Field(1, Encoding.UTF8.GetBytes(value)))]);

    private static byte[] Fixed(int number, ulong value)
    {
        var bytes = new byte[9];
        bytes[0] = (byte)((number << 3) | 1);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(1), value);
        return bytes;
    }

    private static byte[] Field(int number, ReadOnlySpan<byte> content)
    {
        List<byte> bytes = [(byte)((number << 3) | 2)];
        var length = (uint)content.Length;
        for (; length >= 0x80; length >>= 7)
            bytes.Add((byte)(length | 0x80));
        bytes.Add((byte)length);
        return [.. bytes, .. content];
    }
}
