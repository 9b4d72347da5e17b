using Observability.Content;
using Observability.Metrics;
using Observability.Model;
using Observability.Response;

namespace Observability.Server;

/// <summary>Everything operators edit, read and checked at once.</summary>
public sealed record ContentSet
{
    /// <summary>Rule groups.</summary>
    public required IReadOnlyList<RuleGroupSpec> Rules { get; init; }

    /// <summary>The fault catalogue.</summary>
    public required IReadOnlyList<FaultCatalogueRow> Faults { get; init; }

    /// <summary>SLOs.</summary>
    public required IReadOnlyList<SloSpec> Slos { get; init; }

    /// <summary>Runbooks.</summary>
    public required IReadOnlyList<Runbook> Runbooks { get; init; }

    /// <summary>Everything that is wrong, in the order of the files.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Reads a rules folder and a runbooks folder.</summary>
    public static ContentSet Read(string rules, string runbooks)
    {
        var findings = new List<Finding>();
        var groups = ReadAll(rules, file => file.EndsWith(".rules.yaml", StringComparison.Ordinal), RuleFileReader.Read, findings);
        var set = new ContentSet
        {
            Rules = groups,
            Faults = ReadAll(Path.Combine(rules, "faults"), IsYaml, FaultCatalogueReader.Read, findings),
            Slos = ReadAll(Path.Combine(rules, "slos"), IsYaml, SloFileReader.Read, findings),
            Runbooks = ReadAll(runbooks, file => file.EndsWith(".md", StringComparison.Ordinal), (file, text) => RunbookReader.Read(file, text, ActionNames.All), findings),
            Findings = findings,
        };
        findings.AddRange(groups.SelectMany(group => group.Rules).SelectMany(rule => Check(rule.Expression, rule.Source, rule.Name)));
        findings.AddRange(set.Slos.SelectMany(slo => ((string?[])[slo.Indicator.Good, slo.Indicator.Bad, slo.Indicator.Total, slo.Indicator.Threshold])
            .OfType<string>().SelectMany(expression => Check(expression, slo.Source, slo.Id))));
        findings.AddRange(set.Runbooks.SelectMany(runbook => runbook.Verification.Concat(runbook.Preconditions))
            .SelectMany(check => Check(check.Expression, check.Source, check.Name)));
        findings.AddRange(groups.GroupBy(group => (group.Source.File, group.Name)).Where(same => same.Count() > 1)
            .Select(same => new Finding(same.Last().Source, $"group {same.Key.Name} stands twice")));
        return set;
    }

    private static List<T> ReadAll<T>(string folder, Func<string, bool> wants, Func<string, string, ContentResult<T>> read, List<Finding> findings)
    {
        if (!Directory.Exists(folder))
        {
            findings.Add(new Finding(new SourceLine(folder, 0), "the folder does not exist"));
            return [];
        }

        var items = new List<T>();
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(wants).Order(StringComparer.Ordinal))
        {
            var result = read(file, File.ReadAllText(file));
            items.AddRange(result.Items);
            findings.AddRange(result.Findings);
        }

        return items;
    }

    private static IEnumerable<Finding> Check(string expression, SourceLine at, string name) =>
        PromQlParser.Parse(expression).Error is { } error ? [new Finding(at, $"{name}: {error}")] : [];

    private static bool IsYaml(string file) => file.EndsWith(".yaml", StringComparison.Ordinal) || file.EndsWith(".yml", StringComparison.Ordinal);
}
