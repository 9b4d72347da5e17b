using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Observability.Model;
using YamlDotNet.RepresentationModel;

namespace Observability.Content;

/// <summary>Reads Prometheus rule files: the keys of Prometheus 3.x, refusing what promtool refuses, PromQL apart.</summary>
public static partial class RuleFileReader
{
    /// <summary>Reads one file.</summary>
    public static ContentResult<RuleGroupSpec> Read(string file, string text)
    {
        var yaml = new YamlSource(file);
        var groups = new List<RuleGroupSpec>();
        if (yaml.Root(text) is { } root && yaml.Mapping(root, "rule file") is { } top)
        {
            yaml.Known(top, "rule file", "groups");
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var node in yaml.Items(YamlSource.Get(top, "groups"), "groups"))
            {
                if (yaml.Mapping(node, "group") is not { } mapping)
                    continue;
                var group = ReadGroup(yaml, mapping);
                if (!names.Add(group.Name))
                    yaml.Fault(node, $"groupname: \"{group.Name}\" is repeated in the same file");
                groups.Add(group);
            }
        }

        return new ContentResult<RuleGroupSpec>(groups, yaml.Findings);
    }

    private static RuleGroupSpec ReadGroup(YamlSource yaml, YamlMappingNode mapping)
    {
        yaml.Known(mapping, "group", "name", "interval", "query_offset", "limit", "rules", "labels", "partial_response_strategy");
        var name = yaml.Text(mapping, "name", "group", required: true);
        var rules = ImmutableArray.CreateBuilder<RuleSpec>();
        foreach (var node in yaml.Items(YamlSource.Get(mapping, "rules"), $"group {name}: rules"))
        {
            if (yaml.Mapping(node, "rule") is { } rule && ReadRule(yaml, rule, name) is { } spec)
                rules.Add(spec);
        }

        return new RuleGroupSpec
        {
            Name = name,
            Interval = yaml.Duration(mapping, "interval", "group", TimeSpan.Zero) is { Ticks: > 0 } interval ? interval : null,
            QueryOffset = yaml.Duration(mapping, "query_offset", "group", TimeSpan.Zero),
            Limit = (int)yaml.Number(mapping, "limit", "group", 0),
            Labels = yaml.Labels(mapping, "labels", "group"),
            Rules = rules.ToImmutable(),
            Source = yaml.At(mapping),
        };
    }

    private static RuleSpec? ReadRule(YamlSource yaml, YamlMappingNode mapping, string group)
    {
        yaml.Known(mapping, "rule", "record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations");
        var record = yaml.Text(mapping, "record", "rule");
        var alert = yaml.Text(mapping, "alert", "rule");
        var where = $"group {group}, rule {(alert.Length > 0 ? alert : record)}";
        if ((record.Length > 0) == (alert.Length > 0))
        {
            yaml.Fault(mapping, $"group {group}: a rule must have either 'record' or 'alert'");
            return null;
        }

        var labels = yaml.Labels(mapping, "labels", where);
        foreach (var (name, _) in labels)
        {
            if (name == LabelSet.MetricNameLabel || !LabelName().IsMatch(name))
                yaml.Fault(mapping, $"{where}: '{name}' is not a label name a rule may set");
        }

        if (record.Length > 0)
        {
            if (!MetricName().IsMatch(record))
                yaml.Fault(mapping, $"{where}: '{record}' is not a metric name");
            foreach (var name in (string[])["for", "keep_firing_for", "annotations"])
            {
                if (YamlSource.Get(mapping, name) is { } node)
                    yaml.Fault(node, $"{where}: '{name}' is not allowed in a recording rule");
            }
        }

        return new RuleSpec
        {
            Name = alert.Length > 0 ? alert : record,
            IsAlert = alert.Length > 0,
            Expression = yaml.Text(mapping, "expr", where, required: true).Trim(),
            For = yaml.Duration(mapping, "for", where, TimeSpan.Zero),
            KeepFiringFor = yaml.Duration(mapping, "keep_firing_for", where, TimeSpan.Zero),
            Labels = labels,
            Annotations = yaml.Labels(mapping, "annotations", where),
            Source = yaml.At(mapping),
        };
    }

    [GeneratedRegex("^[a-zA-Z_:][a-zA-Z0-9_:]*$")]
    private static partial Regex MetricName();

    [GeneratedRegex("^[a-zA-Z_][a-zA-Z0-9_]*$")]
    private static partial Regex LabelName();
}
