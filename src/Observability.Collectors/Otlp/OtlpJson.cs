using System.Globalization;
using System.Text.Json;

namespace Observability.Collectors;

/// <summary>
/// Reads ExportMetricsServiceRequest from OTLP/JSON: lowerCamelCase, 64-bit integers as strings or numbers, unknown fields
/// ignored. Throws <see cref="JsonException"/> only where the text is no JSON; a field of the wrong type counts as absent.
/// </summary>
internal static class OtlpJson
{
    private static readonly (string Name, OtlpKind Kind)[] Kinds =
    [
        ("gauge", OtlpKind.Gauge), ("sum", OtlpKind.Sum), ("histogram", OtlpKind.Histogram),
        ("exponentialHistogram", OtlpKind.ExponentialHistogram), ("summary", OtlpKind.Summary),
    ];

    /// <summary>The metrics of a request; null where the document has no list resourceMetrics.</summary>
    public static List<OtlpMetric>? Read(ReadOnlyMemory<byte> json) => ReadGroups(json, ("resourceMetrics", "scopeMetrics", "metrics"), ReadMetric);

    /// <summary>The items of a request, by the names of its three lists; null where the first of them is missing.</summary>
    internal static List<T>? ReadGroups<T>(
        ReadOnlyMemory<byte> json, (string Groups, string Scopes, string Items) names, Func<JsonElement, IReadOnlyList<KeyValuePair<string, string>>, T> read)
    {
        using var document = JsonText.Parse(json);
        if (Property(document.RootElement, names.Groups) is not { ValueKind: JsonValueKind.Array } all)
            return document.RootElement.ValueKind == JsonValueKind.Object && !document.RootElement.EnumerateObject().Any() ? [] : null;
        var items = new List<T>();
        foreach (var group in all.EnumerateArray())
        {
            var resource = new List<KeyValuePair<string, string>>();
            if (Property(group, "resource") is { } owner)
                ReadAttributes(owner, resource);
            foreach (var scope in List(group, names.Scopes))
            {
                foreach (var item in List(scope, names.Items))
                    items.Add(read(item, resource));
            }
        }

        return items;
    }

    private static OtlpMetric ReadMetric(JsonElement element, IReadOnlyList<KeyValuePair<string, string>> resource)
    {
        var metric = new OtlpMetric { Resource = resource, Name = Text(element, "name"), Unit = Text(element, "unit"), Description = Text(element, "description") };
        foreach (var (name, kind) in Kinds)
        {
            if (Property(element, name) is not { ValueKind: JsonValueKind.Object } data)
                continue;
            metric.Kind = kind;
            metric.Temporality = (int)Math.Clamp(Number(data, "aggregationTemporality") ?? 0, 0, 9);
            metric.IsMonotonic = Property(data, "isMonotonic") is { ValueKind: JsonValueKind.True };
            foreach (var point in List(data, "dataPoints"))
                metric.Points.Add(ReadPoint(point));
        }

        return metric;
    }

    private static OtlpPoint ReadPoint(JsonElement element)
    {
        var point = new OtlpPoint
        {
            TimeUnixNano = Unsigned(Property(element, "timeUnixNano")),
            Value = Number(element, "asDouble") ?? Number(element, "asInt") ?? 0,
            NoRecordedValue = ((long)Math.Clamp(Number(element, "flags") ?? 0, 0, 255) & 1) != 0,
            Count = Unsigned(Property(element, "count")),
            Sum = Number(element, "sum"),
        };
        ReadAttributes(element, point.Attributes);
        foreach (var count in List(element, "bucketCounts"))
            point.BucketCounts.Add(Unsigned(count));
        foreach (var bound in List(element, "explicitBounds"))
            point.Bounds.Add(NumberOf(bound) ?? 0);
        if (Property(element, "scale") is not null)
            point.Exponential = ReadExponential(element);
        foreach (var quantile in List(element, "quantileValues"))
            point.Quantiles.Add((Number(quantile, "quantile") ?? 0, Number(quantile, "value") ?? 0));
        return point;
    }

    private static ExponentialData ReadExponential(JsonElement element)
    {
        var data = new ExponentialData
        {
            Scale = Whole(element, "scale"),
            ZeroCount = Unsigned(Property(element, "zeroCount")),
            ZeroThreshold = Number(element, "zeroThreshold") ?? 0,
        };
        if (Property(element, "positive") is { } positive)
        {
            data.PositiveOffset = Whole(positive, "offset");
            data.Positive.AddRange(List(positive, "bucketCounts").Select(count => Unsigned(count)));
        }

        if (Property(element, "negative") is { } negative)
        {
            data.NegativeOffset = Whole(negative, "offset");
            data.Negative.AddRange(List(negative, "bucketCounts").Select(count => Unsigned(count)));
        }

        return data;
    }

    private static int Whole(JsonElement element, string name) => (int)Math.Clamp(Number(element, name) ?? 0, int.MinValue, int.MaxValue);

    internal static void ReadAttributes(JsonElement owner, List<KeyValuePair<string, string>> into)
    {
        foreach (var attribute in List(owner, "attributes"))
        {
            if (Property(attribute, "value") is { } value)
                into.Add(new(Text(attribute, "key"), ValueText(value)));
        }
    }

    internal static string ValueText(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return "";
        foreach (var kind in value.EnumerateObject())
        {
            return kind.Name switch
            {
                "stringValue" or "intValue" or "doubleValue" => kind.Value.ToString(),
                "boolValue" => kind.Value.ValueKind == JsonValueKind.True ? "true" : "false",
                "arrayValue" => string.Join(',', List(kind.Value, "values").Select(ValueText)),
                _ => "",
            };
        }

        return "";
    }

    internal static JsonElement? Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    private static JsonElement.ArrayEnumerator List(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default;

    internal static string Text(JsonElement element, string name) =>
        Property(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    private static double? Number(JsonElement element, string name) =>
        Property(element, name) is { } value ? NumberOf(value) : null;

    // 64-bit integers and NaN, Infinity come as strings.
    private static double? NumberOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetDouble(out var number) ? number : null,
        JsonValueKind.String => double.TryParse(
            value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
        _ => null,
    };

    internal static ulong Unsigned(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Number } number => number.TryGetUInt64(out var read) ? read : 0,
        { ValueKind: JsonValueKind.String } text =>
            ulong.TryParse(text.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : 0,
        _ => 0,
    };
}
