using System.Globalization;
using System.Text.Json;

namespace Observability.Collectors;

/// <summary>Reads OTLP/HTTP metrics in JSON: lowerCamelCase, 64-bit integers as strings or numbers, unknown fields ignored.</summary>
internal static class OtlpJsonReader
{
    /// <summary>Fails with <see cref="JsonException"/> where the body is not such a document.</summary>
    public static OtlpResult Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var points = new List<OtlpPoint>();
        long refused = 0;
        var message = "";
        foreach (var resource in Items(document.RootElement, "resourceMetrics"))
        {
            var labels = resource.TryGetProperty("resource", out var owner) ? OtlpNames.Kept(Attributes(owner)) : [];
            foreach (var metric in Items(resource, "scopeMetrics").SelectMany(scope => Items(scope, "metrics")))
            {
                if (Read(metric, labels, points) is not { } fault)
                    continue;
                refused++;
                message = fault;
            }
        }

        return new OtlpResult(points, refused, message);
    }

    private static string? Read(JsonElement metric, List<KeyValuePair<string, string>> labels, List<OtlpPoint> points)
    {
        var name = Text(metric, "name");
        if (name.Length == 0)
            return "a metric has no name";
        var isSum = metric.TryGetProperty("sum", out var data);
        if (!isSum && !metric.TryGetProperty("gauge", out data))
            return $"metric {name}: only gauges and sums are taken";
        var counter = isSum && data.TryGetProperty("isMonotonic", out var monotonic) && monotonic.ValueKind == JsonValueKind.True;
        if (isSum && Number(data, "aggregationTemporality") == 1)
            return $"metric {name}: delta sums are not taken; send cumulative ones";
        foreach (var point in Items(data, "dataPoints"))
        {
            var value = point.TryGetProperty("asDouble", out _) ? Number(point, "asDouble") : Number(point, "asInt");
            if (double.IsNaN(value) && !point.TryGetProperty("asDouble", out _))
                return $"metric {name}: a point has neither asDouble nor asInt";
            points.Add(new OtlpPoint(name, Text(metric, "unit"), counter, [.. labels, .. Attributes(point)], (long)(Number(point, "timeUnixNano") / 1e6), value));
        }

        return null;
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray()
            : default;

    private static List<KeyValuePair<string, string>> Attributes(JsonElement owner) =>
        [.. Items(owner, "attributes").Select(attribute => KeyValuePair.Create(Text(attribute, "key"), attribute.TryGetProperty("value", out var value) ? AnyValue(value) : ""))];

    private static string AnyValue(JsonElement value)
    {
        foreach (var member in value.EnumerateObject())
            return member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText();
        return "";
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static double Number(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value))
            return name == "asInt" ? double.NaN : 0;
        if (value.ValueKind == JsonValueKind.Number)
            return value.GetDouble();
        return value.ValueKind == JsonValueKind.String && double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : double.NaN;
    }
}
