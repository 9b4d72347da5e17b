using System.Globalization;
using System.Text.Json.Nodes;
using Observability.Alerting;

namespace Observability.Server;

/// <summary>Rules and alerts in the shape of the Prometheus HTTP API.</summary>
internal static class PrometheusRules
{
    public static JsonNode Groups(Platform platform) => new JsonObject
    {
        ["groups"] = new JsonArray([.. platform.Rules.Groups.Select(group => new JsonObject
        {
            ["name"] = group.Name,
            ["file"] = group.File,
            ["interval"] = group.Interval.TotalSeconds,
            ["limit"] = group.Group.Limit,
            ["lastEvaluation"] = Time(group.LastEvaluation),
            ["evaluationTime"] = group.EvaluationTime.TotalSeconds,
            ["rules"] = new JsonArray([.. group.Rules.Select(Rule)]),
        })]),
    };

    public static JsonNode Alerts(Platform platform) =>
        new JsonObject { ["alerts"] = new JsonArray([.. platform.Rules.ActiveAlerts.Select(Alert)]) };

    private static JsonNode Rule(RuleStatus status)
    {
        var rule = new JsonObject
        {
            ["name"] = status.Rule.Name,
            ["query"] = status.Rule.Expression,
            ["labels"] = PrometheusApi.Labels(status.Labels),
            ["health"] = Word(status.Health.ToString()),
            ["lastError"] = status.LastError,
            ["lastEvaluation"] = Time(status.LastEvaluation),
            ["evaluationTime"] = status.EvaluationTime.TotalSeconds,
            ["type"] = status.Rule.IsAlert ? "alerting" : "recording",
        };
        if (!status.Rule.IsAlert)
            return rule;
        rule["state"] = Word(status.State.ToString());
        rule["duration"] = status.Rule.For.TotalSeconds;
        rule["keepFiringFor"] = status.Rule.KeepFiringFor.TotalSeconds;
        rule["annotations"] = PrometheusApi.Labels(status.Rule.Annotations);
        rule["alerts"] = new JsonArray([.. status.Alerts.Select(Alert)]);
        return rule;
    }

    private static JsonNode Alert(ActiveAlert alert) => new JsonObject
    {
        ["labels"] = PrometheusApi.Labels(alert.Labels),
        ["annotations"] = PrometheusApi.Labels(alert.Annotations),
        ["state"] = Word(alert.State.ToString()),
        ["activeAt"] = Time(alert.ActiveAt),
        ["value"] = alert.Value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string Word(string name) => OptionValue.SnakeCase(name);

    private static string Time(DateTimeOffset? at) => (at ?? DateTimeOffset.MinValue).UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
