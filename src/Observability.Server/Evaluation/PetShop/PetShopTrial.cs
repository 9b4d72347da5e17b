using System.Globalization;
using Observability.Incidents;

namespace Observability.Server;

/// <summary>Our ranking and the published one on recorded and on made-up issues of the scenarios.</summary>
internal static class PetShopTrial
{
    private const int MadeUpPerCell = 60;

    /// <summary>Rows: cell, issues, top-1 and top-3 of ours, then of the published method.</summary>
    public static EvalTable Of(IReadOnlyList<PetShopCase> cases)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var scenario in cases.GroupBy(one => one.Scenario))
        {
            var (graph, normal) = PetShopCase.ReadScenario(scenario.Key, _ => { });
            if (graph is null || !PetShopCase.HasNormalPeriod(scenario.Key))
                continue;
            var name = Path.GetFileName(scenario.Key);
            var recorded = scenario.Select(one => (Target: one.ReadTarget(_ => { }), Window: one.ReadWindow(_ => { }), Truth: one.ReadTruth()))
                .Where(one => one is { Target: not null, Window: not null, Truth: not null }).Select(one => new MadeUpIssue(normal, one.Window!, one.Target!.Value, one.Truth!)).ToArray();
            if (recorded.Length > 0)
                rows.Add(Row($"{name}, recorded", graph, recorded));
            foreach (var target in recorded.Select(one => one.Target).Distinct())
            {
                var issues = MadeUp(graph, normal, target);
                if (issues.Length > 0)
                    rows.Add(Row($"{name}, made up, {target.Metric}", graph, issues));
            }
        }

        return new EvalTable("Beside the method published with the data; made-up issues are rows of the normal period with a fault at a node drawn at random",
            ["cell", "issues", "top1", "top3", "published top1", "published top3"], rows);
    }

    private static MadeUpIssue[] MadeUp(ServiceGraph graph, MetricTable normal, MetricColumn target)
    {
        if (normal.Rows < 100 || !normal.Columns.Any(column => column is { Metric: "requests", Statistic: "Sum" }))
            return [];
        var random = new Random(1);
        return [.. Enumerable.Range(0, 4 * MadeUpPerCell).Select(_ => MadeUpIssue.Draw(graph, normal, target, new MetricColumn("", "requests", "Sum"), random)).OfType<MadeUpIssue>().Take(MadeUpPerCell)];
    }

    private static IReadOnlyList<string> Row(string cell, ServiceGraph graph, MadeUpIssue[] issues)
    {
        IReadOnlyDictionary<string, double>[] ours = [.. issues.Select(one => RankByLoss.Rank(graph, one.Normal, one.Window, one.Target).ToDictionary(node => node.Id, node => node.Score, StringComparer.Ordinal))];
        IReadOnlyDictionary<string, double>[] published = [.. issues.Select(one => AnomalyTraversal.Rank(graph, one.Normal, one.Window, one.Target))];
        return [cell, issues.Length.ToString(CultureInfo.InvariantCulture), Hits(ours, 1), Hits(ours, 3), Hits(published, 1), Hits(published, 3)];

        string Hits(IReadOnlyDictionary<string, double>[] rankings, int k) =>
            rankings.Zip(issues).Average(one => Ranking.Hit(one.First, one.Second.Culprit, k)).ToString("0.###", CultureInfo.InvariantCulture);
    }
}
