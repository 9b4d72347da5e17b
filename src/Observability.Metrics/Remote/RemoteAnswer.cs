using System.Globalization;
using System.Text.Json;
using Observability.Model;

namespace Observability.Metrics;

/// <summary>
/// Reads <c>{"status":"success","data":{"resultType":"matrix","result":[{"metric":{…},"values":[[1.5,"2"],…]}]},"warnings":[…]}</c>
/// and <c>{"status":"error","errorType":"bad_data","error":"…"}</c>. VictoriaMetrics adds <c>"isPartial":true</c> where some of its
/// nodes did not answer, Thanos and Mimir say so in <c>warnings</c>.
/// </summary>
internal static class RemoteAnswer
{
    public static QueryResult Read(JsonElement root, int httpStatus)
    {
        if (root.GetProperty("status").GetString() != "success")
            return QueryResult.Failed(ErrorType(Text(root, "errorType"), httpStatus), Text(root, "error") ?? $"HTTP {httpStatus} without a reason");
        var data = root.GetProperty("data");
        var result = data.GetProperty("result");
        var answer = data.GetProperty("resultType").GetString() switch
        {
            "scalar" => new QueryResult { Kind = QueryResultKind.Scalar, Scalar = ReadSample(result) },
            "string" => new QueryResult { Kind = QueryResultKind.Text, Text = result[1].GetString()!, Scalar = new Sample(Milliseconds(result[0]), 0) },
            "vector" => new QueryResult { Kind = QueryResultKind.Vector, Vector = ReadVector(result) },
            "matrix" => new QueryResult { Kind = QueryResultKind.Matrix, Matrix = ReadMatrix(result) },
            var other => QueryResult.Failed("unavailable", $"unknown resultType {other}"),
        };
        return answer with { Warnings = [.. Texts(root, "warnings"), .. Texts(root, "infos"), .. Remarks(root, result)] };
    }

    private static IEnumerable<string> Remarks(JsonElement root, JsonElement result)
    {
        if (root.TryGetProperty("isPartial", out var partial) && partial.ValueKind == JsonValueKind.True)
            yield return "the answer is partial: some of the server's storage nodes did not answer (isPartial)";
        var histograms = result.EnumerateArray().Count(entry => entry.ValueKind == JsonValueKind.Object && (entry.TryGetProperty("histogram", out _) || entry.TryGetProperty("histograms", out _)));
        if (histograms > 0)
            yield return $"{histograms} series of the answer hold native histograms, which this platform does not read; they are left out";
    }

    // The four words of QueryError; a server may use others of the Prometheus API.
    private static string ErrorType(string? type, int httpStatus) => type switch
    {
        "bad_data" or "execution" or "timeout" => type,
        "canceled" => "timeout",
        _ => httpStatus is >= 400 and < 500 ? "bad_data" : "unavailable",
    };

    private static List<SeriesSample> ReadVector(JsonElement result)
    {
        var vector = new List<SeriesSample>(result.GetArrayLength());
        foreach (var entry in result.EnumerateArray())
        {
            // A native histogram has "histogram" instead; this platform reads floats only.
            if (entry.TryGetProperty("value", out var value))
                vector.Add(new SeriesSample(ReadLabels(entry.GetProperty("metric")), ReadSample(value)));
        }

        return vector;
    }

    private static List<SeriesRange> ReadMatrix(JsonElement result)
    {
        var matrix = new List<SeriesRange>(result.GetArrayLength());
        foreach (var entry in result.EnumerateArray())
        {
            if (entry.TryGetProperty("values", out var values))
                matrix.Add(new SeriesRange(ReadLabels(entry.GetProperty("metric")), [.. values.EnumerateArray().Select(ReadSample)]));
        }

        return matrix;
    }

    private static LabelSet ReadLabels(JsonElement metric) =>
        LabelSet.From(metric.EnumerateObject().Select(label => new KeyValuePair<string, string>(label.Name, label.Value.GetString()!)));

    private static Sample ReadSample(JsonElement pair) => new(Milliseconds(pair[0]), ReadNumber(pair[1].GetString()!));

    private static long Milliseconds(JsonElement seconds) => (long)Math.Round(seconds.GetDecimal() * 1000);

    private static double ReadNumber(string text) => text switch
    {
        "+Inf" or "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static IEnumerable<string> Texts(JsonElement root, string name) =>
        root.TryGetProperty(name, out var values) ? values.EnumerateArray().Select(value => value.GetString()!) : [];
}
