using System.Text;
using FsCheck.Xunit;
using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class OtlpReceiverTests
{
    private const string Request = """
        {"resourceMetrics":[{"resource":{"attributes":[{"key":"job_name","value":{"stringValue":"llm"}},{"key":"service.name","value":{"stringValue":"trainer"}},{"key":"os.type","value":{"stringValue":"linux"}}]},
        "scopeMetrics":[{"metrics":[
          {"name":"train.step.duration","unit":"s","gauge":{"dataPoints":[{"asDouble":4.5,"timeUnixNano":"1772366399000000000","attributes":[{"key":"rank","value":{"intValue":"3"}}]}]}},
          {"name":"train.mfu","unit":"1","gauge":{"dataPoints":[{"asInt":"1","timeUnixNano":1772366399000000000}]}},
          {"name":"train.productive","unit":"s","sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"asDouble":9,"timeUnixNano":"4000000000000000000"}]}},
          {"name":"train.delta","sum":{"aggregationTemporality":1,"isMonotonic":true,"dataPoints":[{"asInt":"1"},{"asInt":"2","timeUnixNano":"1772366399000000000"}]}},
          {"name":"train.neither","sum":{"isMonotonic":true,"dataPoints":[{"asInt":"1"}]}},
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
                $"train_delta_total{{{own}}} 1",
                $"save_time_milliseconds_bucket{{{own}, le=\"5\"}} 1", $"save_time_milliseconds_bucket{{{own}, le=\"+Inf\"}} 3",
                $"save_time_milliseconds_sum{{{own}}} 7.5", $"save_time_milliseconds_count{{{own}}} 3",
            ],
            World.Show(Assert.Single(_world.Batches)));
        Assert.Equal(
            new OtlpOutcome(
                200, 5, 2, "train.delta: a delta point of this time or a later one was added already; train.neither: the temporality 0 is neither delta (1) nor cumulative (2)"),
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
    public void Receive_PublishedSample_IsTakenWhole()
    {
        var file = Path.Combine(World.SharedData("samples", "otlp"), "metrics.json");
        var outcome = Receiver().Receive(File.ReadAllBytes(file), OtlpEncoding.Json);

        Assert.Equal((200, 4L, 0L), (outcome.Status, outcome.Accepted, outcome.Rejected));
        const string owner = "job=\"my.service\"";
        const string attribute = "my_exponential_histogram_attr=\"some value\"";
        Assert.Equal(
            [
                "my_counter_total{job=\"my.service\", my_counter_attr=\"some value\"} 5",
                "my_gauge_ratio{job=\"my.service\", my_gauge_attr=\"some value\"} 10",
                "my_histogram_bucket{job=\"my.service\", le=\"1\", my_histogram_attr=\"some value\"} 1",
                "my_histogram_bucket{job=\"my.service\", le=\"+Inf\", my_histogram_attr=\"some value\"} 2",
                "my_histogram_sum{job=\"my.service\", my_histogram_attr=\"some value\"} 2",
                "my_histogram_count{job=\"my.service\", my_histogram_attr=\"some value\"} 2",
                $"my_exponential_histogram_bucket{{{owner}, le=\"0\", {attribute}}} 1",
                $"my_exponential_histogram_bucket{{{owner}, le=\"8\", {attribute}}} 3",
                $"my_exponential_histogram_bucket{{{owner}, le=\"+Inf\", {attribute}}} 3",
                $"my_exponential_histogram_sum{{{owner}, {attribute}}} 10",
                $"my_exponential_histogram_count{{{owner}, {attribute}}} 3",
            ],
            World.Show(Assert.Single(_world.Batches)));
    }

    [Fact]
    public void Reply_PartialSuccess_IsWrittenInBothEncodings()
    {
        var outcome = new OtlpOutcome(200, 1, 3, "why");

        Assert.Equal("""{"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"why"}}""", Encoding.UTF8.GetString(OtlpReply.Write(outcome, OtlpEncoding.Json)));
        Assert.Equal([10, 7, 8, 3, 18, 3, .. "why"u8], OtlpReply.Write(outcome, OtlpEncoding.Protobuf));
        Assert.Equal("{}"u8.ToArray(), OtlpReply.Write(new OtlpOutcome(200, 1, 0, ""), OtlpEncoding.Json));
    }

    [Fact]
    public void RankThatMoved_EndsOnItsOldNodeAlsoWhereTheMoveFellIntoARestart()
    {
        var receiver = Receiver();
        receiver.Receive(RankOn("node-007"), OtlpEncoding.Json);
        receiver.Receive(RankOn("node-014"), OtlpEncoding.Json);
        var asked = new List<string>();
        var restarted = new OtlpReceiver(_world, new OtlpOptions(), _world.Outside, (metric, job) =>
        {
            asked.Add($"{metric} of {job}");
            return _world.Batches[^1].Samples.Select(sample => sample.Labels).ToArray();
        });
        restarted.Receive(RankOn("node-021"), OtlpEncoding.Json);
        restarted.Receive(RankOn("node-021"), OtlpEncoding.Json);

        Assert.Equal(["node-007", "node-014; ends node-007", "node-021; ends node-014; ends node-007", "node-021"], _world.Batches.Select(batch => string.Join(
            "; ", batch.Samples.Select(sample => (StaleMarker.Is(sample.Sample.Value) ? "ends " : "") + sample.Labels["node"]))));
        Assert.Equal(["train_rank_compute_seconds of llm"], asked);
    }

    private static ReadOnlyMemory<byte> RankOn(string node) => World.Utf8($$$"""
        {"resourceMetrics":[{"resource":{"attributes":[{"key":"job_name","value":{"stringValue":"llm"}}]},"scopeMetrics":[{"metrics":[
          {"name":"train.rank.compute","unit":"s","gauge":{"dataPoints":[{"asDouble":1,"attributes":[{"key":"node","value":{"stringValue":"{{{node}}}"}}]}]}}]}]}]}
        """);

    [Fact]
    public void Receive_DeltaPoints_BecomeTotalsAlsoWhereBoundsChange()
    {
        var receiver = Receiver();
        string Push(int second, string bounds, string counts, int count) => FormattableString.Invariant(
            $$$"""{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"w","histogram":{"aggregationTemporality":1,"dataPoints":[{"count":{{{count}}},"sum":1.5,"bucketCounts":[{{{counts}}}],"explicitBounds":[{{{bounds}}}],"timeUnixNano":{{{1772366390 + second}}}000000000}]}}]}]}]}""");
        receiver.Receive(World.Utf8(Push(1, "1, 2", "1, 0, 2", 3)), OtlpEncoding.Json);
        receiver.Receive(World.Utf8(Push(2, "2, 4", "1, 1, 1", 3)), OtlpEncoding.Json);
        var again = receiver.Receive(World.Utf8(Push(2, "2, 4", "1, 1, 1", 3)), OtlpEncoding.Json);

        Assert.Equal(["w_bucket{le=\"1\"} 1", "w_bucket{le=\"2\"} 1", "w_bucket{le=\"+Inf\"} 3", "w_sum{} 1.5", "w_count{} 3"], World.Show(_world.Batches[0]));
        Assert.Equal(
            ["w_bucket{le=\"1\"} 1", "w_bucket{le=\"2\"} 2", "w_bucket{le=\"4\"} 3", "w_bucket{le=\"+Inf\"} 6", "w_sum{} 3", "w_count{} 6"],
            World.Show(_world.Batches[1]));
        Assert.Equal((0L, 1L), (again.Accepted, again.Rejected));
    }

    [Fact]
    public void Receive_ExponentialHistogramInBothEncodings_GetsClassicBuckets()
    {
        // Scale 1: bucket 3 ends at 2^(4/2), bucket 4 at 2^(5/2); negative bucket 0 begins at -1.
        const string json = """
            {"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"e","description":"How long.","unit":"s","exponentialHistogram":{"aggregationTemporality":2,"dataPoints":[
            {"count":"10","sum":20,"scale":1,"zeroCount":"2","positive":{"offset":3,"bucketCounts":["3","4"]},"negative":{"offset":0,"bucketCounts":["1"]},"timeUnixNano":"1772366399000000000"}]}}]}]}]}
            """;
        byte[] point =
        [
            .. Fixed(3, 1772366399000000000), .. Fixed(4, 10), .. Fixed(5, BitConverter.DoubleToUInt64Bits(20)), .. Message(6, 2UL), .. Fixed(7, 2),
            .. Field(8, [.. Message(1, 6UL), .. Field(2, [3, 4])]), .. Field(9, [.. Message(1, 0UL), .. Field(2, [1])]),
        ];
        byte[] metric = [.. Field(1, "e"u8.ToArray()), .. Field(3, "s"u8.ToArray()), .. Field(10, [.. Field(1, point), .. Message(2, 2UL)])];
        Receiver().Receive(World.Utf8(json), OtlpEncoding.Json);
        Receiver().Receive(Field(1, Field(2, Field(2, metric))), OtlpEncoding.Protobuf);

        string[] expected =
        [
            "e_seconds_bucket{le=\"-1\"} 1", "e_seconds_bucket{le=\"0\"} 3", "e_seconds_bucket{le=\"4\"} 6", "e_seconds_bucket{le=\"5.656854249492381\"} 10",
            "e_seconds_bucket{le=\"+Inf\"} 10", "e_seconds_sum{} 20", "e_seconds_count{} 10",
        ];
        Assert.Equal(expected, World.Show(_world.Batches[0]));
        Assert.Equal(expected, World.Show(_world.Batches[1]));
        Assert.Equal(new Observability.Model.MetricMetadata("e_seconds", "histogram", "How long.", "s"), Assert.Single(_world.Batches[0].Metadata));
    }

    [Property(MaxTest = 500)]
    public bool Expand_AnyScaleAndBuckets_KeepsEveryCountUnderABoundThatHoldsIt(int scale, short offset, byte[] counts)
    {
        var point = new OtlpPoint { Exponential = new ExponentialData { Scale = Math.Abs(scale % 21), PositiveOffset = offset } };
        foreach (var count in counts ?? [])
            point.Exponential.Positive.Add(count);
        point.Count = (ulong)(counts ?? []).Sum(count => count);
        if (ExponentialBuckets.Expand(point).Length > 0)
            return false;
        // Every count lies under the first bound that is not below the upper end of its own bucket.
        var expected = new ulong[point.Bounds.Count];
        for (var i = 0; i < point.Exponential.Positive.Count; i++)
        {
            var end = Math.Pow(2, (offset + i + 1) / Math.Pow(2, point.Exponential.Scale)) * (1 - 1e-9);
            var at = point.Bounds.FindIndex(bound => bound >= end);
            if (point.Exponential.Positive[i] > 0)
                expected[at] += point.Exponential.Positive[i];
        }

        return point.Bounds.Count < ExponentialBuckets.MostBounds && point.BucketCounts.SequenceEqual([.. expected, 0UL]);
    }

    private static byte[] Field(int number, byte[] content) => [(byte)((number << 3) | 2), (byte)content.Length, .. content];

    private static byte[] Fixed(int number, ulong bits) => [(byte)((number << 3) | 1), .. BitConverter.GetBytes(bits)];

    private static byte[] Message(int number, ulong varint) => [(byte)(number << 3), (byte)varint];

    private static byte[] Message(int first, byte[] one, int second, byte[] two) => [.. Field(first, one), .. Field(second, two)];

    private OtlpReceiver Receiver() => new(_world, new OtlpOptions(), _world.Outside);
}
