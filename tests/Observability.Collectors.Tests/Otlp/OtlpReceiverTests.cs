using System.Text;
using FsCheck.Xunit;

namespace Observability.Collectors.Tests;

public sealed class OtlpReceiverTests
{
    private const string Request = """
        {"resourceMetrics":[{"resource":{"attributes":[{"key":"job_name","value":{"stringValue":"llm"}},{"key":"service.name","value":{"stringValue":"trainer"}},{"key":"os.type","value":{"stringValue":"linux"}}]},
        "scopeMetrics":[{"metrics":[
          {"name":"train.step.duration","unit":"s","gauge":{"dataPoints":[{"asDouble":4.5,"timeUnixNano":"1772366399000000000","attributes":[{"key":"rank","value":{"intValue":"3"}}]}]}},
          {"name":"train.mfu","unit":"1","gauge":{"dataPoints":[{"asInt":"1","timeUnixNano":1772366399000000000}]}},
          {"name":"train.productive","unit":"s","sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"asDouble":9,"timeUnixNano":"4000000000000000000"}]}},
          {"name":"train.delta","sum":{"aggregationTemporality":1,"isMonotonic":true,"dataPoints":[{"asInt":"1"},{"asInt":"2"}]}},
          {"name":"save.time","unit":"ms","histogram":{"aggregationTemporality":2,"dataPoints":[{"count":"3","sum":7.5,"bucketCounts":["1","2"],"explicitBounds":[5],"timeUnixNano":"1772366399000000000"}]}}]}]}]}
        """;

    private readonly World _world = new();

    [Fact]
    public void Receive_Json_TranslatesNamesUnitsAndLabels()
    {
        var outcome = Receiver().Receive(World.Utf8(Request), OtlpEncoding.Json);

        const string own = "job=\"trainer\", job_name=\"llm\"";
        Assert.Equal(
            [
                $"train_step_duration_seconds{{{own}, rank=\"3\"}} 4.5", $"train_mfu_ratio{{{own}}} 1",
                $"train_productive_seconds_total{{{own}}} 9",
                $"save_time_milliseconds_bucket{{{own}, le=\"5\"}} 1", $"save_time_milliseconds_bucket{{{own}, le=\"+Inf\"}} 3",
                $"save_time_milliseconds_sum{{{own}}} 7.5", $"save_time_milliseconds_count{{{own}}} 3",
            ],
            World.Show(Assert.Single(_world.Batches)));
        Assert.Equal(
            new OtlpOutcome(200, 4, 2, "train.delta: only cumulative temporality is supported; set the exporter's temporality preference to cumulative"),
            outcome);
        Assert.Equal(
            [1772366399000, World.Start.ToUnixTimeMilliseconds()],
            _world.Batches[0].Samples.Skip(1).Take(2).Select(sample => sample.Sample.UnixMilliseconds));
    }

    [Theory]
    [InlineData("train.tokens_per_second", "{token}/s", OtlpKind.Gauge, false, "train_tokens_per_second")]
    [InlineData("train.step", "", OtlpKind.Gauge, false, "train_step")]
    [InlineData("train.step", "{step}", OtlpKind.Gauge, false, "train_step")]
    [InlineData("x.duration_seconds", "s", OtlpKind.Gauge, false, "x_duration_seconds")]
    [InlineData("net.io", "By/s", OtlpKind.Gauge, false, "net_io_bytes_per_second")]
    [InlineData("saves.total", "1", OtlpKind.Sum, true, "saves_total")]
    [InlineData("2nd..x-y", "%", OtlpKind.Gauge, false, "_2nd_x_y_percent")]
    public void Metric_NameAndUnit_BecomeAPrometheusName(string name, string unit, object kind, bool monotonic, string expected) =>
        Assert.Equal(expected, PrometheusNames.Metric(
            new OtlpMetric { Name = name, Unit = unit, Kind = (OtlpKind)kind, IsMonotonic = monotonic }));

    [Fact]
    public void Receive_Protobuf_ReadsWhatTheWireSays()
    {
        byte[] attribute = Message(1, "rank"u8.ToArray(), 2, Message(3, 7UL));
        byte[] point = [.. Fixed(3, 1772366399000000000), .. Fixed(4, BitConverter.DoubleToUInt64Bits(2.5)), .. Field(7, attribute)];
        byte[] whole = [.. Fixed(3, 1772366399000000000), .. Fixed(6, unchecked((ulong)-4L))];
        byte[] gauge = [.. Field(1, point), .. Field(1, whole)];
        byte[] metric = [.. Field(1, "train.loss"u8.ToArray()), .. Field(5, gauge)];
        byte[] resource = Field(1, Message(1, "job_name"u8.ToArray(), 2, Field(1, "llm"u8.ToArray())));
        byte[] request = Field(1, [.. Field(1, resource), .. Field(2, Field(2, metric))]);

        var outcome = Receiver().Receive(request, OtlpEncoding.Protobuf);

        Assert.Equal(new OtlpOutcome(200, 2, 0, ""), outcome);
        Assert.Equal(
            ["train_loss{job_name=\"llm\", rank=\"7\"} 2.5", "train_loss{job_name=\"llm\"} -4"], World.Show(Assert.Single(_world.Batches)));
    }

    [Theory]
    [InlineData("not json", OtlpEncoding.Json)]
    [InlineData("[]", OtlpEncoding.Json)]
    [InlineData("not protobuf", OtlpEncoding.Protobuf)]
    public void Receive_BodyOfAnotherKind_Is400(string body, OtlpEncoding encoding)
    {
        var outcome = Receiver().Receive(World.Utf8(body), encoding);

        Assert.Equal((400, 0L), (outcome.Status, outcome.Accepted));
        Assert.Empty(_world.Batches);
    }

    [Property(MaxTest = 1_000)]
    public bool Receive_AnyBytes_NeverThrows(byte[] bytes) =>
        Receiver().Receive(bytes, OtlpEncoding.Protobuf).Status is 200 or 400
        && Receiver().Receive(bytes, OtlpEncoding.Json).Status is 200 or 400;

    [Fact]
    public void Receive_PublishedSample_IsTakenInPart()
    {
        var file = Path.Combine(World.SharedData("samples", "otlp"), "metrics.json");
        var outcome = Receiver().Receive(File.ReadAllBytes(file), OtlpEncoding.Json);

        Assert.Equal((200, 1L, 3L), (outcome.Status, outcome.Accepted, outcome.Rejected));
        Assert.Equal(["my_gauge_ratio{job=\"my.service\", my_gauge_attr=\"some value\"} 10"], World.Show(Assert.Single(_world.Batches)));
    }

    [Fact]
    public void Reply_PartialSuccess_IsWrittenInBothEncodings()
    {
        var outcome = new OtlpOutcome(200, 1, 3, "why");

        Assert.Equal("""{"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"why"}}""", Encoding.UTF8.GetString(OtlpReply.Write(outcome, OtlpEncoding.Json)));
        Assert.Equal([10, 7, 8, 3, 18, 3, .. "why"u8], OtlpReply.Write(outcome, OtlpEncoding.Protobuf));
        Assert.Equal("{}"u8.ToArray(), OtlpReply.Write(new OtlpOutcome(200, 1, 0, ""), OtlpEncoding.Json));
    }

    private static byte[] Field(int number, byte[] content) => [(byte)((number << 3) | 2), (byte)content.Length, .. content];

    private static byte[] Fixed(int number, ulong bits) => [(byte)((number << 3) | 1), .. BitConverter.GetBytes(bits)];

    private static byte[] Message(int number, ulong varint) => [(byte)(number << 3), (byte)varint];

    private static byte[] Message(int first, byte[] one, int second, byte[] two) => [.. Field(first, one), .. Field(second, two)];

    private OtlpReceiver Receiver() => new(_world, new OtlpOptions(), _world.Outside);
}
