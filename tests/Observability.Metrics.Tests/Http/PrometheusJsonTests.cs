using System.Text;
using System.Text.Json;
using Observability.Model;

namespace Observability.Metrics.Tests;

public sealed class PrometheusJsonTests
{
    private static readonly LabelSet s_up = LabelSet.Of(("__name__", "up"), ("job", "a"));

    [Fact]
    public void Vector_WithRemarks_HasTheShapeOfPrometheus()
    {
        var result = new QueryResult
        {
            Kind = QueryResultKind.Vector,
            Vector = [new SeriesSample(s_up, new Sample(1435781451781, 1))],
            Warnings = ["PromQL info: i (1:1)", "PromQL warning: w (1:1)"],
        };
        Assert.Equal(
            """{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"up","job":"a"},"value":[1435781451.781,"1"]}]},"warnings":["PromQL warning: w (1:1)"],"infos":["PromQL info: i (1:1)"]}""",
            Write(writer => PrometheusJson.WriteQuery(writer, result)));
    }

    [Fact]
    public void Matrix_OfOddValues_WritesNumbersAsPrometheus()
    {
        double[] values = [double.PositiveInfinity, double.NegativeInfinity, double.NaN, 1e21, 1e20, 1.5e-7, 0.000001, -0.25, 1.7976931348623157e308, 0];
        var result = new QueryResult
        {
            Kind = QueryResultKind.Matrix,
            Matrix = [new SeriesRange(LabelSet.Empty, [.. values.Select((value, i) => new Sample(i * 1000, value))])],
        };
        Assert.Equal(
            """{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[0,"+Inf"],[1,"-Inf"],[2,"NaN"],[3,"1e+21"],[4,"100000000000000000000"],[5,"1.5e-07"],[6,"0.000001"],[7,"-0.25"],[8,"1.7976931348623157e+308"],[9,"0"]]}]}}""",
            Write(writer => PrometheusJson.WriteQuery(writer, result)));
    }

    [Fact]
    public void ScalarTextErrorAndLists_HaveTheShapeOfPrometheus()
    {
        Assert.Equal("""{"status":"success","data":{"resultType":"scalar","result":[1.050,"2"]}}""",
            Write(writer => PrometheusJson.WriteQuery(writer, new QueryResult { Kind = QueryResultKind.Scalar, Scalar = new Sample(1050, 2) })));
        Assert.Equal("""{"status":"success","data":{"resultType":"string","result":[1,"x"]}}""",
            Write(writer => PrometheusJson.WriteQuery(writer, new QueryResult { Kind = QueryResultKind.Text, Text = "x", Scalar = new Sample(1000, 0) })));
        Assert.Equal("""{"status":"error","errorType":"bad_data","error":"no"}""",
            Write(writer => PrometheusJson.WriteQuery(writer, QueryResult.Failed("bad_data", "no"))));
        Assert.Equal("""{"status":"success","data":["a","b"]}""", Write(writer => PrometheusJson.WriteStrings(writer, ["a", "b"])));
        Assert.Equal("""{"status":"success","data":[{"__name__":"up","job":"a"}]}""", Write(writer => PrometheusJson.WriteSeries(writer, [s_up])));
    }

    [Theory]
    [InlineData("bad_data", 400)]
    [InlineData("execution", 422)]
    [InlineData("timeout", 503)]
    public void StatusOf_Error_IsThatOfPrometheus(string type, int status) =>
        Assert.Equal(status, PrometheusJson.StatusOf(new QueryError(type, "")));

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    [Fact]
    public void FormatSampleValue_AnyBits_IsTheTextOfSampleValue()
    {
        var random = new Random(20261127);
        Span<byte> bytes = stackalloc byte[40];
        double[] edges = [0, -0.0, 1e-4, 9.99e-5, 1e-6, 1e15, 999_999_999_999_999, 1e21, double.MaxValue, double.Epsilon, double.NaN, double.NegativeInfinity];
        for (var i = 0; i < 20_000; i++)
        {
            var value = i < edges.Length ? edges[i]
                : i % 2 == 0 ? BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))
                : Math.Round(random.NextDouble() * 1e6, i % 7);
            var length = PromQlText.FormatSampleValue(value, bytes);
            Assert.Equal(PromQlText.SampleValue(value), System.Text.Encoding.UTF8.GetString(bytes[..length]));
        }
    }
}
