using System.Globalization;
using System.Text.Json;
using Observability.Model;

namespace Observability.Metrics;

/// <summary>
/// Writes answers in the shape of the Prometheus HTTP API: numbers of samples as strings, times as seconds, with three
/// decimals only where milliseconds are not zero.
/// <code>{"status":"success","data":{"resultType":"vector","result":[{"metric":{"job":"a"},"value":[1435781451.781,"1"]}]}}</code>
/// </summary>
public static class PrometheusJson
{
    private const string InformationPrefix = "PromQL info: ";

    /// <summary>What Prometheus says where a limit cut something off.</summary>
    public const string TruncatedWarning = "results truncated due to limit";

    /// <summary>Writes the answer to a query, an error included.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="result">The answer.</param>
    /// <param name="statistics">Writes <c>stats</c>; null for none.</param>
    public static void WriteQuery(Utf8JsonWriter writer, QueryResult result, Action<Utf8JsonWriter>? statistics = null)
    {
        if (result.Error is { } error)
        {
            WriteError(writer, error);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("status", "success");
        writer.WriteStartObject("data");
        writer.WriteString("resultType", TypeName(result.Kind));
        writer.WritePropertyName("result");
        WriteValue(writer, result);
        statistics?.Invoke(writer);
        writer.WriteEndObject();
        WriteTexts(writer, "warnings", result.Warnings.Where(text => !text.StartsWith(InformationPrefix, StringComparison.Ordinal)));
        WriteTexts(writer, "infos", result.Warnings.Where(text => text.StartsWith(InformationPrefix, StringComparison.Ordinal)));
        writer.WriteEndObject();
    }

    /// <summary>Writes a failure.</summary>
    public static void WriteError(Utf8JsonWriter writer, QueryError error)
    {
        writer.WriteStartObject();
        writer.WriteString("status", "error");
        writer.WriteString("errorType", error.Type);
        writer.WriteString("error", error.Message);
        writer.WriteEndObject();
    }

    /// <summary>The HTTP status that Prometheus answers an error with.</summary>
    public static int StatusOf(QueryError? error) => error?.Type switch
    {
        null => 200,
        "bad_data" => 400,
        "execution" => 422,
        "canceled" => 499,
        "not_found" => 404,
        "timeout" or "unavailable" => 503,
        _ => 500,
    };

    /// <summary>Writes the answer of <c>labels</c> and <c>label/…/values</c>: at most <paramref name="limit"/> values, with a warning where there are more; 0 for all.</summary>
    public static void WriteStrings(Utf8JsonWriter writer, IReadOnlyList<string> values, int limit = 0)
    {
        writer.WriteStartObject();
        writer.WriteString("status", "success");
        writer.WriteStartArray("data");
        foreach (var value in values.Take(limit > 0 ? limit : int.MaxValue))
            writer.WriteStringValue(value);
        writer.WriteEndArray();
        WriteTexts(writer, "warnings", limit > 0 && values.Count > limit ? [TruncatedWarning] : []);
        writer.WriteEndObject();
    }

    /// <summary>Writes the answer of <c>series</c>: at most <paramref name="limit"/>, with a warning where there are more; 0 for all.</summary>
    public static void WriteSeries(Utf8JsonWriter writer, IReadOnlyList<LabelSet> series, int limit = 0)
    {
        writer.WriteStartObject();
        writer.WriteString("status", "success");
        writer.WriteStartArray("data");
        foreach (var labels in series.Take(limit > 0 ? limit : int.MaxValue))
            WriteLabels(writer, labels);
        writer.WriteEndArray();
        WriteTexts(writer, "warnings", limit > 0 && series.Count > limit ? [TruncatedWarning] : []);
        writer.WriteEndObject();
    }

    private static string TypeName(QueryResultKind kind) => kind switch
    {
        QueryResultKind.Scalar => "scalar",
        QueryResultKind.Text => "string",
        QueryResultKind.Vector => "vector",
        _ => "matrix",
    };

    private static void WriteValue(Utf8JsonWriter writer, QueryResult result)
    {
        switch (result.Kind)
        {
            case QueryResultKind.Scalar:
                WriteSample(writer, result.Scalar);
                break;
            case QueryResultKind.Text:
                writer.WriteStartArray();
                WriteTime(writer, result.Scalar.UnixMilliseconds);
                writer.WriteStringValue(result.Text);
                writer.WriteEndArray();
                break;
            case QueryResultKind.Vector:
                WriteVector(writer, result.Vector);
                break;
            default:
                WriteMatrix(writer, result.Matrix);
                break;
        }
    }

    private static void WriteVector(Utf8JsonWriter writer, IReadOnlyList<SeriesSample> vector)
    {
        writer.WriteStartArray();
        foreach (var (labels, sample) in vector)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("metric");
            WriteLabels(writer, labels);
            writer.WritePropertyName("value");
            WriteSample(writer, sample);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteMatrix(Utf8JsonWriter writer, IReadOnlyList<SeriesRange> matrix)
    {
        writer.WriteStartArray();
        foreach (var (labels, samples) in matrix)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("metric");
            WriteLabels(writer, labels);
            writer.WriteStartArray("values");
            foreach (var sample in samples)
                WriteSample(writer, sample);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    internal static void WriteLabels(Utf8JsonWriter writer, LabelSet labels)
    {
        writer.WriteStartObject();
        for (var i = 0; i < labels.Count; i++)
        {
            var (name, value) = labels.At(i);
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
    }

    // [1700000000.123,"1.5"] at one go: a range query writes a hundred thousand of them.
    private static void WriteSample(Utf8JsonWriter writer, Sample sample)
    {
        Span<byte> text = stackalloc byte[128];
        text[0] = (byte)'[';
        var length = 1 + FormatTime(sample.UnixMilliseconds, text[1..]);
        ",\""u8.CopyTo(text[length..]);
        length += 2;
        length += PromQlText.FormatSampleValue(sample.Value, text[length..]);
        "\"]"u8.CopyTo(text[length..]);
        writer.WriteRawValue(text[..(length + 2)], skipInputValidation: true);
    }

    // Seconds, with exactly three decimals where they are not whole.
    private static int FormatTime(long milliseconds, Span<byte> into)
    {
        if (milliseconds % 1000 == 0)
        {
            (milliseconds / 1000).TryFormat(into, out var whole, default, CultureInfo.InvariantCulture);
            return whole;
        }

        (milliseconds / 1000m).TryFormat(into, out var length, "0.000", CultureInfo.InvariantCulture);
        return length;
    }

    internal static void WriteTime(Utf8JsonWriter writer, long milliseconds)
    {
        Span<byte> text = stackalloc byte[32];
        writer.WriteRawValue(text[..FormatTime(milliseconds, text)], skipInputValidation: true);
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        var any = false;
        foreach (var text in texts)
        {
            if (!any)
                writer.WriteStartArray(name);
            any = true;
            writer.WriteStringValue(text);
        }

        if (any)
            writer.WriteEndArray();
    }
}
