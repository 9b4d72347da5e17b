using System.Text.Json;
using Observability.Content;
using Observability.Metrics;
using Observability.Model;
using Observability.Server;

namespace Observability.Repository.Tests;

/// <summary>What operators edit is whole: it reads, it parses, and what it links to exists.</summary>
public sealed class ContentTests
{
    private static readonly (ContentSet Set, IReadOnlyList<Finding> Findings) Content = ContentCheck.Read(RepositoryRoot.Of("rules"), RepositoryRoot.Of("runbooks"));

    [Fact]
    public void Content_RulesFaultsSlosAndRunbooks_HaveNoFinding()
    {
        Assert.Empty(Content.Findings);
        Assert.NotEmpty(Content.Set.RuleGroups);
        Assert.NotEmpty(Content.Set.Faults);
        Assert.NotEmpty(Content.Set.Slos);
        Assert.NotEmpty(Content.Set.Runbooks);
    }

    [Fact]
    public void Alerts_RunbookUrl_PointsAtARunbookThatExists()
    {
        var missing = Content.Set.RuleGroups.SelectMany(group => group.Rules).Where(rule => rule.IsAlert)
            .Where(rule => !File.Exists(RepositoryRoot.Of(rule.Annotations["runbook_url"])))
            .Select(rule => $"{rule.Source}: {rule.Name} -> '{rule.Annotations["runbook_url"]}'");

        Assert.Empty(missing);
    }

    [Fact]
    public void Rules_EveryFile_HasItsUnitTests()
    {
        var missing = Directory.GetFiles(RepositoryRoot.Of("rules"), "*.rules.yaml", SearchOption.AllDirectories)
            .Where(file => !File.Exists(file.Replace(".rules.yaml", ".tests.yaml", StringComparison.Ordinal)));

        Assert.Empty(missing);
    }

    [Fact]
    public void Runbooks_EveryHardwareClassOfTheCatalogue_HasOne()
    {
        var covered = Content.Set.Runbooks.SelectMany(runbook => runbook.Trigger.FaultClasses).ToHashSet();
        var wanted = Content.Set.RuleGroups.SelectMany(group => group.Rules).Where(rule => rule.Labels["role"] == "cause").Select(rule => rule.Labels["fault_class"])
            .Where(name => name.Length > 0).Distinct();

        Assert.Equal([], wanted.Except(covered).Order());
    }

    [Fact]
    public void Dashboards_EveryQuery_Parses()
    {
        var broken = new List<string>();
        foreach (var file in Directory.GetFiles(RepositoryRoot.Of("dashboards"), "*.json"))
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            foreach (var target in document.RootElement.GetProperty("panels").EnumerateArray().SelectMany(panel => panel.GetProperty("targets").EnumerateArray()))
            {
                // Grafana fills variables in before it asks.
                var query = target.GetProperty("expr").GetString()!.Replace("$node", ".*", StringComparison.Ordinal).Replace("$job_name", ".*", StringComparison.Ordinal);
                if (PromQlParser.Parse(query).Error is { } error)
                    broken.Add($"{Path.GetFileName(file)}: {query}: {error}");
            }
        }

        Assert.Empty(broken);
    }
}
