using System.Text.Json;
using Observability.Incidents;

namespace Observability.Server;

/// <summary>
/// Reads what was alerted from a <c>target.json</c>: <c>{"target": {"node": "PetSite", "metric": "latency", "agg": "Average"}, "root_cause": …}</c>.
/// The same file holds the answer and how the fault was made; both are stepped over token by token and never become values.
/// </summary>
internal static class PetShopTarget
{
    private const string DefaultStatistic = "Average";

    /// <summary>The alerted column; null where the file has no target with a node and a metric.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static MetricColumn? Read(string file)
    {
        var reader = new Utf8JsonReader(File.ReadAllBytes(file), new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip });
        MetricColumn? target = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isTarget = reader.ValueTextEquals("target"u8);
            reader.Read();
            if (isTarget && reader.TokenType == JsonTokenType.StartObject)
                target = Column(ref reader);
            else
                reader.Skip();
        }

        return target;
    }

    private static MetricColumn? Column(ref Utf8JsonReader reader)
    {
        var (node, metric, statistic) = ("", "", DefaultStatistic);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString();
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                reader.Skip();
                continue;
            }

            var value = reader.GetString()!;
            (node, metric, statistic) = key switch
            {
                "node" => (value, metric, statistic),
                "metric" => (node, value, statistic),
                "agg" or "statistic" => (node, metric, value),
                _ => (node, metric, statistic),
            };
        }

        return node.Length == 0 || metric.Length == 0 ? null : new MetricColumn(node, metric, statistic);
    }
}
