using System.Globalization;
using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>OTLP in JSON: lowerCamelCase, enumerations as integers, 64-bit integers as strings.</summary>
internal static class OtlpJson
{
    public const string ContentType = "application/json";

    public static JsonObject Of(OtlpDocument document) => new()
    {
        ["resourceMetrics"] = new JsonArray(new JsonObject
        {
            ["resource"] = new JsonObject { ["attributes"] = Attributes(document.Resource) },
            ["scopeMetrics"] = new JsonArray(new JsonObject
            {
                ["scope"] = new JsonObject { ["name"] = OtlpDocument.Scope },
                ["metrics"] = new JsonArray([.. document.Metrics.Select(metric => (JsonNode)Metric(metric, document))]),
            }),
        }),
    };

    private static JsonObject Metric(OtlpMetric metric, OtlpDocument document)
    {
        var points = new JsonArray([.. metric.Points.Select(point => (JsonNode)Point(metric, point, document))]);
        var node = new JsonObject { ["name"] = metric.Name, ["unit"] = metric.Unit };
        node[metric.IsSum ? "sum" : "gauge"] = metric.IsSum
            ? new JsonObject { ["aggregationTemporality"] = OtlpDocument.Cumulative, ["isMonotonic"] = true, ["dataPoints"] = points }
            : new JsonObject { ["dataPoints"] = points };
        return node;
    }

    private static JsonObject Point(OtlpMetric metric, OtlpPoint point, OtlpDocument document)
    {
        var node = new JsonObject { ["timeUnixNano"] = Text(document.UnixNano), ["asDouble"] = point.Value, ["attributes"] = Attributes(point.Attributes) };
        if (metric.IsSum)
            node["startTimeUnixNano"] = Text(document.StartUnixNano);
        return node;
    }

    private static JsonArray Attributes(IReadOnlyList<KeyValuePair<string, string>> attributes) => new([.. attributes.Select(attribute =>
        (JsonNode)new JsonObject { ["key"] = attribute.Key, ["value"] = new JsonObject { ["stringValue"] = attribute.Value } })]);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
