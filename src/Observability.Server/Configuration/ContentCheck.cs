using Observability.Content;
using Observability.Metrics;
using Observability.Model;
using Observability.Response;

namespace Observability.Server;

/// <summary>Everything operators edit, read and checked at once: Content reads it, Metrics parses its PromQL.</summary>
public static class ContentCheck
{
    /// <summary>Reads a rules folder and a runbooks folder.</summary>
    public static (ContentSet Content, IReadOnlyList<Finding> Findings) Read(string rules, string runbooks)
    {
        var read = new ContentFolders(new Observability.Content.ContentOptions()).Read(rules, runbooks, ActionNames.All.ToHashSet(StringComparer.Ordinal));
        var set = read.Value;
        var findings = read.Findings
            .Concat(set.RuleGroups.SelectMany(group => group.Rules).SelectMany(rule => Check(rule.Expression, rule.Source, rule.Name)))
            .Concat(set.Slos.SelectMany(slo => Expressions(slo.Indicator).SelectMany(expression => Check(expression, slo.Source, slo.Id))))
            .Concat(set.Runbooks.SelectMany(runbook => runbook.Verification.Concat(runbook.Preconditions)).SelectMany(check => Check(check.Expression, check.Source, check.Name)));
        return (set, [.. findings]);
    }

    private static IEnumerable<string> Expressions(SliSpec sli) =>
        ((string?[])[sli.Good, sli.Bad, sli.Total, sli.RawSuccess, sli.RawFailure, sli.Threshold]).OfType<string>();

    private static IEnumerable<Finding> Check(string expression, SourceLine at, string name) =>
        PromQlParser.Parse(expression).Error is { } error ? [new Finding(at, $"{name}: {error}")] : [];
}
