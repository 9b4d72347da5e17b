using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Observability.Alerting;
using Observability.Model;

namespace Observability.Server;

/// <summary>Rules and alerts in the shape of the Prometheus HTTP API.</summary>
internal static class PrometheusRules
{
    public static async Task GroupsAsync(HttpContext http, Platform platform)
    {
        var asked = await ApiParameters.ReadAsync(http);
        var wanted = Wanted.Read(asked);
        var (groups, next, found) = Page(platform.Rules.Groups, wanted);
        if (!found)
            asked.Refuse("group_next_token", $"invalid group_next_token '{wanted.Token}'. were rule groups changed?");
        if (asked.Fault is { } fault)
        {
            await PrometheusApi.RefuseAsync(http, fault);
            return;
        }

        var data = new JsonObject { ["groups"] = groups };
        if (next is not null)
            data["groupNextToken"] = next;
        await PrometheusApi.SucceedAsync(http, data);
    }

    public static JsonNode Alerts(Platform platform) =>
        new JsonObject { ["alerts"] = new JsonArray([.. platform.Rules.ActiveAlerts.Select(Alert)]) };

    // Groups without a rule that is wanted do not count, so that no page is empty.
    private static (JsonArray Groups, string? Next, bool Found) Page(IReadOnlyList<RuleGroupStatus> groups, Wanted wanted)
    {
        var page = new JsonArray();
        var found = wanted.Token.Length == 0;
        foreach (var group in groups)
        {
            found = found || Token(group) == wanted.Token;
            if (!found || !wanted.Has(group))
                continue;
            var rules = group.Rules.Where(wanted.Has).Select(rule => Rule(rule, wanted.ExcludesAlerts)).ToArray();
            if (rules.Length == 0)
                continue;
            if (wanted.Limit > 0 && page.Count == wanted.Limit)
                return (page, Token(group), found);
            page.Add(Group(group, rules));
        }

        return (page, null, found);
    }

    private static string Token(RuleGroupStatus group) =>
#pragma warning disable CA5350 // Prometheus's form of the token; it protects nothing
        Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes($"{group.File};{group.Name}")));
#pragma warning restore CA5350

    private static JsonObject Group(RuleGroupStatus group, JsonNode[] rules) => new()
    {
        ["name"] = group.Name,
        ["file"] = group.File,
        ["interval"] = group.Interval.TotalSeconds,
        ["limit"] = group.Group.Limit,
        ["lastEvaluation"] = Time(group.LastEvaluation),
        ["evaluationTime"] = group.EvaluationTime.TotalSeconds,
        ["rules"] = new JsonArray(rules),
    };

    private static JsonObject Rule(RuleStatus status, bool excludesAlerts)
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
        rule["alerts"] = new JsonArray([.. excludesAlerts ? [] : status.Alerts.Select(Alert)]);
        return rule;
    }

    private static JsonNode Alert(ActiveAlert alert)
    {
        var node = new JsonObject
        {
            ["labels"] = PrometheusApi.Labels(alert.Labels),
            ["annotations"] = PrometheusApi.Labels(alert.Annotations),
            ["state"] = Word(alert.State.ToString()),
            ["activeAt"] = Time(alert.ActiveAt),
            ["value"] = alert.ValueText,
        };
        if (alert.KeepFiringSince is { } since)
            node["keepFiringSince"] = Time(since);
        return node;
    }

    private static string Word(string name) => OptionValue.SnakeCase(name);

    private static string Time(DateTimeOffset? at) => (at ?? DateTimeOffset.MinValue).UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private sealed record Wanted
    {
        private IReadOnlyList<string> Names { get; init; } = [];

        private IReadOnlyList<string> Groups { get; init; } = [];

        private IReadOnlyList<string> Files { get; init; } = [];

        private IReadOnlyList<IReadOnlyList<LabelMatcher>> Matchers { get; init; } = [];

        private string Type { get; init; } = "";

        public bool ExcludesAlerts { get; private init; }

        public int Limit { get; private init; }

        public string Token { get; private init; } = "";

        public static Wanted Read(ApiParameters asked)
        {
            if (asked["type"] is not ("" or "alert" or "record"))
                asked.Refuse("type", $"not supported value \"{asked["type"]}\"");
            if (asked["group_next_token"].Length > 0 && asked["group_limit"].Length == 0)
                asked.Refuse("group_next_token", "group_limit needs to be present in order to paginate over the groups");
            if (asked["group_limit"].Length > 0 && asked.Limit("group_limit") == 0)
                asked.Refuse("group_limit", "group_limit needs to be greater than 0");
            return new Wanted
            {
                Names = asked.All("rule_name[]"),
                Groups = asked.All("rule_group[]"),
                Files = asked.All("file[]"),
                Matchers = asked.Selectors(),
                Type = asked["type"],
                ExcludesAlerts = asked.Flag("exclude_alerts"),
                Limit = asked.Limit("group_limit"),
                Token = asked["group_next_token"],
            };
        }

        public bool Has(RuleGroupStatus group) =>
            (Groups.Count == 0 || Groups.Contains(group.Name)) && (Files.Count == 0 || Files.Contains(group.File));

        public bool Has(RuleStatus rule) =>
            (Names.Count == 0 || Names.Contains(rule.Rule.Name))
            && (Type.Length == 0 || Type == (rule.Rule.IsAlert ? "alert" : "record"))
            && (Matchers.Count == 0 || Matchers.Any(all => all.All(matcher => matcher.Matches(Fixed(rule.Labels)))));

        // A label that is a template has no value before an alert has one.
        private static LabelSet Fixed(LabelSet labels) => LabelSet.From(labels.Where(label => !label.Value.Contains("{{", StringComparison.Ordinal)));
    }
}
