using System.Text.Json;
using Observability.Model;

namespace Observability.Metrics;

/// <summary>Writes what sources say beside samples, in the shape of the Prometheus HTTP API.</summary>
public static class SourceJson
{
    /// <summary>
    /// Writes the answer of <c>metadata</c>.
    /// <code>{"status":"success","data":{"up":[{"type":"gauge","help":"…","unit":""}]}}</code>
    /// </summary>
    public static void WriteMetadata(Utf8JsonWriter writer, IReadOnlyList<KeyValuePair<string, IReadOnlyList<MetricMetadata>>> families)
    {
        writer.WriteStartObject();
        writer.WriteString("status", "success");
        writer.WriteStartObject("data");
        foreach (var (family, statements) in families)
        {
            writer.WriteStartArray(family);
            foreach (var statement in statements)
            {
                writer.WriteStartObject();
                writer.WriteString("type", statement.Type);
                writer.WriteString("help", statement.Help);
                writer.WriteString("unit", statement.Unit);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>
    /// Writes the answer of <c>query_exemplars</c>.
    /// <code>{"status":"success","data":[{"seriesLabels":{…},"exemplars":[{"labels":{"trace_id":"a"},"value":"6","timestamp":1600096945.479}]}]}</code>
    /// </summary>
    public static void WriteExemplars(Utf8JsonWriter writer, IReadOnlyList<KeyValuePair<LabelSet, IReadOnlyList<SeriesExemplar>>> series)
    {
        writer.WriteStartObject();
        writer.WriteString("status", "success");
        writer.WriteStartArray("data");
        foreach (var (labels, exemplars) in series)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("seriesLabels");
            PrometheusJson.WriteLabels(writer, labels);
            writer.WriteStartArray("exemplars");
            foreach (var exemplar in exemplars)
            {
                writer.WriteStartObject();
                writer.WritePropertyName("labels");
                PrometheusJson.WriteLabels(writer, exemplar.Labels);
                writer.WriteString("value", PromQlText.SampleValue(exemplar.Measured.Value));
                writer.WritePropertyName("timestamp");
                PrometheusJson.WriteTime(writer, exemplar.Measured.UnixMilliseconds);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
