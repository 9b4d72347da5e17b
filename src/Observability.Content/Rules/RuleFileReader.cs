using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Content;

/// <summary>
/// Reads a Prometheus rule file, or the <c>PrometheusRule</c> object of the Prometheus operator. It refuses what
/// <c>promtool check rules</c> refuses, except the PromQL and the templates, which their own parsers check.
/// </summary>
/// <remarks>
/// <code>
/// groups:
///   - name: gpu
///     interval: 30s
///     rules:
///       - record: job:up:sum
///         expr: sum by (job) (up)
///       - alert: Down
///         expr: up == 0
///         for: 5m
///         labels: {severity: critical}
/// </code>
/// Only the first document counts; an empty file has no groups.
/// </remarks>
public static class RuleFileReader
{
    /// <summary>The groups of one file. A group with a fault is left out.</summary>
    public static ReadResult<ImmutableArray<RuleGroupSpec>> Read(ContentFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var findings = new Findings();
        if (Root(file, findings) is not { } root)
            return findings.With(ImmutableArray<RuleGroupSpec>.Empty);
        var groups = new List<RuleGroupSpec>();
        var names = new Dictionary<string, SourceLine>(StringComparer.Ordinal);
        foreach (var map in root.Maps("groups"))
        {
            var before = findings.Count;
            var group = ReadGroup(map, findings);
            if (group.Name.Length > 0 && !names.TryAdd(group.Name, group.Source))
                map.Fault("name", $"'{group.Name}' is taken by the group at {names[group.Name]}; group names are unique in a file");
            if (findings.Count == before)
                groups.Add(group);
        }

        root.Close();
        WarnOfDuplicates(groups, findings);
        return findings.With<ImmutableArray<RuleGroupSpec>>([.. groups]);
    }

    private static YamlMap? Root(ContentFile file, Findings findings)
    {
        var root = YamlDocument.FirstMap(file, findings);
        if (root is null || !root.Has("kind"))
            return root;
        if (root.OneOf("kind", "PrometheusRule", "") != "PrometheusRule")
            return null;
        root.Ignore("apiVersion", "metadata", "status");
        var spec = root.Map("spec");
        root.Close();
        return spec;
    }

    private static RuleGroupSpec ReadGroup(YamlMap map, Findings findings)
    {
        var rules = ImmutableArray.CreateBuilder<RuleSpec>();
        var group = new RuleGroupSpec
        {
            Name = map.Required("name"),
            Interval = map.Duration("interval"),
            QueryOffset = map.Duration("query_offset") ?? TimeSpan.Zero,
            Limit = map.Integer("limit") ?? 0,
            Labels = Labels(map, "labels"),
            Rules = [],
            Source = map.At,
        };
        foreach (var rule in map.Maps("rules"))
        {
            var before = findings.Count;
            var spec = ReadRule(rule);
            if (findings.Count == before)
                rules.Add(spec);
        }

        map.Close();
        return group with { Rules = rules.ToImmutable(), Interval = group.Interval == TimeSpan.Zero ? null : group.Interval };
    }

    private static RuleSpec ReadRule(YamlMap map)
    {
        var record = map.Text("record") ?? "";
        var alert = map.Text("alert") ?? "";
        if (record.Length > 0 && alert.Length > 0)
            map.Fault("alert", "and record are both set; a rule is one of them");
        else if (record.Length == 0 && alert.Length == 0)
            map.Fault("record", "or alert must be set");
        var rule = new RuleSpec
        {
            Name = alert.Length > 0 ? alert : record,
            IsAlert = alert.Length > 0,
            Expression = map.Required("expr"),
            For = map.Duration("for") ?? TimeSpan.Zero,
            KeepFiringFor = map.Duration("keep_firing_for") ?? TimeSpan.Zero,
            Labels = Labels(map, "labels"),
            Annotations = Annotations(map),
            Source = map.At,
        };
        if (record.Length > 0 && alert.Length == 0)
            CheckRecording(map, rule);
        CheckStanding(map, "labels", rule.Labels);
        CheckStanding(map, "annotations", rule.Annotations);
        map.Close();
        return rule;
    }

    private static void CheckRecording(YamlMap map, RuleSpec rule)
    {
        if (!RuleNames.IsMetric(rule.Name))
            map.Fault("record", $"'{rule.Name}' is not a metric name; use letters, digits, _ and :");
        if (rule.Annotations.Count > 0)
            map.Fault("annotations", "belong to alerts, not to a recording rule");
        if (rule.For != TimeSpan.Zero)
            map.Fault("for", "belongs to alerts, not to a recording rule");
        if (rule.KeepFiringFor != TimeSpan.Zero)
            map.Fault("keep_firing_for", "belongs to alerts, not to a recording rule");
    }

    private static void CheckStanding(YamlMap map, string key, LabelSet labels)
    {
        // Prometheus takes any value; here a word that is misspelt would leave a rule live that was meant to be tried first.
        if (labels.TryGet(AlertLabel.Standing, out var standing) && standing is not ("shadow" or "live"))
            map.Warn(key, $"has standing '{standing}', which is ignored; use shadow or live");
    }

    private static LabelSet Labels(YamlMap map, string key)
    {
        var pairs = map.Pairs(key);
        foreach (var (name, _) in pairs)
        {
            if (!RuleNames.IsLabel(name) || name == LabelSet.MetricNameLabel)
                map.Fault(key, $"has '{name}', which is not a label name; use letters, digits and _");
        }

        return LabelSet.From(pairs);
    }

    private static LabelSet Annotations(YamlMap map)
    {
        var pairs = map.Pairs("annotations");
        foreach (var (name, _) in pairs)
        {
            if (!RuleNames.IsLabel(name))
                map.Fault("annotations", $"has '{name}', which is not an annotation name; use letters, digits and _");
        }

        return LabelSet.From(pairs);
    }

    // promtool reports these as lint and accepts the file.
    private static void WarnOfDuplicates(List<RuleGroupSpec> groups, Findings findings)
    {
        var seen = new Dictionary<(string Name, LabelSet Labels), SourceLine>();
        foreach (var rule in groups.SelectMany(group => group.Rules))
        {
            if (!seen.TryAdd((rule.Name, rule.Labels), rule.Source))
                findings.Warn(rule.Source, $"{rule.Name} with the same labels is also at {seen[(rule.Name, rule.Labels)]}");
        }
    }
}
