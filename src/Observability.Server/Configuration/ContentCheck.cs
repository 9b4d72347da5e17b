using Microsoft.Extensions.Logging.Abstractions;
using Observability.Alerting;
using Observability.Content;
using Observability.Metrics;
using Observability.Model;
using Observability.Response;

namespace Observability.Server;

/// <summary>Everything operators edit, read and checked at once: Content reads it, Metrics parses its PromQL.</summary>
public static class ContentCheck
{
    /// <summary>Reads a rules folder and a runbooks folder; <paramref name="experimental"/> as <c>metrics.experimental_functions</c> says.</summary>
    public static (ContentSet Content, IReadOnlyList<Finding> Findings) Read(string rules, string runbooks, bool experimental = false)
    {
        var read = new ContentFolders(new Observability.Content.ContentOptions()).Read(rules, runbooks, ActionNames.All.ToHashSet(StringComparer.Ordinal));
        var set = read.Value;
        var findings = read.Findings
            .Concat(Check(set.RuleGroups, experimental))
            .Concat(set.Slos.SelectMany(slo => Expressions(slo.Indicator).SelectMany(expression => Check(expression, slo.Source, slo.Id, experimental))))
            .Concat(set.Runbooks.SelectMany(runbook => runbook.Verification.Concat(runbook.Preconditions)).SelectMany(check => Check(check.Expression, check.Source, check.Name, experimental)));
        return (set, [.. findings]);
    }

    /// <summary>
    /// PromQL and templates of rules: the parser and the evaluator that will use them say whether they can read them.
    /// </summary>
    public static IReadOnlyList<Finding> Check(IReadOnlyCollection<RuleGroupSpec> groups, bool experimental = false)
    {
        var nowhere = new SeriesStore(new MetricsOptions());
        var evaluator = new RuleEvaluator(
            new EmbeddedQueryEngine(nowhere), nowhere, new UnheardAlerts(), new RuleOptions(), NullLogger<RuleEvaluator>.Instance);
        return [.. groups.SelectMany(group => group.Rules).SelectMany(rule => Check(rule.Expression, rule.Source, rule.Name, experimental)), .. evaluator.Reload(groups)];
    }

    private static IEnumerable<string> Expressions(SliSpec sli) =>
        ((string?[])[sli.Good, sli.Bad, sli.Total, sli.RawSuccess, sli.RawFailure, sli.Threshold]).OfType<string>();

    private static IEnumerable<Finding> Check(string expression, SourceLine at, string name, bool experimental) =>
        PromQlParser.Parse(expression, experimental).Error is { } error ? [new Finding(at, $"{name}: {error}")] : [];
}
