using System.Globalization;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Xunit;
using Observability.Testing;

namespace Observability.Simulator.Tests;

public sealed class OtlpEncodingTests
{
    [Fact]
    public void Json_OfADocument_IsExactlyThis()
    {
        var document = new OtlpDocument("llm", 5, 7, [new OtlpMetric("train.elapsed", "s", true, [new OtlpPoint(1.5, [new("result", "ok")])])]);

        Assert.Equal(
            """{"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"trainer"}},{"key":"job_name","value":{"stringValue":"llm"}}]},"scopeMetrics":[{"scope":{"name":"train"},"metrics":[{"name":"train.elapsed","unit":"s","sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"timeUnixNano":"7","asDouble":1.5,"attributes":[{"key":"result","value":{"stringValue":"ok"}}],"startTimeUnixNano":"5"}]}}]}]}]}""",
            OtlpJson.Of(document).ToJsonString());
    }

    [Fact]
    public void Protobuf_OfADocument_IsExactlyThis()
    {
        var document = new OtlpDocument("j", 0, 1, [new OtlpMetric("m", "", false, [new OtlpPoint(1, [])])]);

        Assert.Equal(
            "0A560A2C0A190A0C736572766963652E6E616D6512090A07747261696E65720A0F0A086A6F625F6E616D6512030A016A12260A070A05747261696E121B0A016D1A002A140A1219010000000000000021000000000000F03F",
            Convert.ToHexString(OtlpProtobuf.Of(document)));
    }

    [Property(MaxTest = 100)]
    public void Protobuf_AnyDocument_SaysWhatItsJsonSays(NonNull<string> job, NonNull<string>[] names, double[] values, bool sum, long time)
    {
        var clean = names.Select(name => Clean(name.Get)).ToArray();
        var finite = values.Where(double.IsFinite).ToArray();
        var at = Math.Abs(time % 4_000_000_000_000_000_000);
        var document = new OtlpDocument(Clean(job.Get), at / 2, at, [.. clean.Select(name => new OtlpMetric(name, "s", sum, [.. finite.Select(value => new OtlpPoint(value, [new("k" + name, name)]))]))]);

        Assert.Equal(FromJson(OtlpJson.Of(document)), FromProtobuf(OtlpProtobuf.Of(document)));
    }

    [Fact]
    public void Job_InBothEncodings_SaysTheSame()
    {
        var world = new SimulatedFleet().After(60);
        var document = JobTelemetry.Of(world.Job("llm-70b"), world.Fleet);

        var points = FromProtobuf(OtlpProtobuf.Of(document));

        Assert.Equal(FromJson(OtlpJson.Of(document)), points);
        Assert.Equal(10 + (2 * 64), points.Length);
        Assert.StartsWith($"llm-70b train.step  gauge  {Nano(60)} 1009 ", points[0], StringComparison.Ordinal);
        Assert.Contains($"llm-70b train.elapsed s sum {Nano(0)} {Nano(60)} 60 ", points);
        Assert.Contains($"rank=9,node=node-001,gpu=1,UUID={world.Gpu(1, 1).Uuid}", points.Single(point => point.Contains("train.rank.compute", StringComparison.Ordinal) && point.Contains("rank=9,", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private static string Nano(int seconds) => $"{Fleets.Start.AddSeconds(seconds).ToUnixTimeMilliseconds()}000000";

    // Lone surrogates have no encoding in either form.
    private static string Clean(string text) => string.Concat(text.Where(c => !char.IsSurrogate(c)));

    private static string[] FromJson(JsonObject body)
    {
        var resource = (JsonObject)body["resourceMetrics"]![0]!;
        var job = (string)resource["resource"]!["attributes"]![1]!["value"]!["stringValue"]!;
        return [.. resource["scopeMetrics"]![0]!["metrics"]!.AsArray().SelectMany(metric => (metric!["sum"] ?? metric["gauge"])!["dataPoints"]!.AsArray().Select(point => Line(
            job, (string)metric["name"]!, (string)metric["unit"]!, metric["sum"] is { } sum ? $"sum{(int)sum["aggregationTemporality"]! - 2}{((bool)sum["isMonotonic"]! ? "" : "?")}".Replace("sum0", "sum", StringComparison.Ordinal) : "gauge",
            ((string?)point!["startTimeUnixNano"] ?? "", (string)point["timeUnixNano"]!, (double)point["asDouble"]!),
            point["attributes"]!.AsArray().Select(one => ((string)one!["key"]!, (string)one["value"]!["stringValue"]!)))))];
    }

    private static string[] FromProtobuf(byte[] body)
    {
        var resource = new ProtobufMessage(body).Message(1);
        var job = resource.Message(1).Messages(1).Last().Message(2).Text(1);
        return [.. resource.Message(2).Messages(2).SelectMany(metric =>
        {
            var sum = metric.Messages(7).SingleOrDefault();
            var kind = sum is null ? "gauge" : sum.Number(2) == 2 && sum.Number(3) == 1 ? "sum" : "sum?";
            return (sum ?? metric.Message(5)).Messages(1).Select(point => Line(
                job, metric.Text(1), metric.Text(3), kind,
                ($"{point.Number(2)}", $"{point.Number(3)}", BitConverter.UInt64BitsToDouble(point.Number(4)!.Value)),
                point.Messages(7).Select(pair => (pair.Text(1), pair.Message(2).Text(1)))));
        })];
    }

    private static string Line(string job, string name, string unit, string kind, (string Start, string At, double Value) point, IEnumerable<(string Key, string Value)> attributes) =>
        $"{job} {name} {unit} {kind} {point.Start} {point.At} {point.Value.ToString("R", CultureInfo.InvariantCulture)} {string.Join(',', attributes.Select(one => $"{one.Key}={one.Value}"))}";
}
