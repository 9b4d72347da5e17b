using System.Globalization;
using System.Text.Json.Nodes;
using Observability.Incidents;

namespace Observability.Server;

/// <summary>Scores rankings of PetShop issues. Only this class reads who was to blame.</summary>
internal static class PetShopScore
{
    private static readonly double[] Cuts = [0.5, 0.6, 0.7, 0.8, 0.9];

    // As many rows as an issue has.
    private const int WindowRows = 5;

    public static EvalScore Of(string path, IReadOnlyList<JsonObject> answers)
    {
        var byName = answers.ToDictionary(answer => (string)answer["case"]!, StringComparer.Ordinal);
        var cases = PetShopCase.Below(path);
        var graphs = cases.Select(one => one.Scenario).Distinct().ToDictionary(scenario => scenario ?? "", scenario => PetShopCase.ReadScenario(scenario, _ => { }).Graph?.Nodes.Count ?? 0);
        Judged[] judged = [.. cases.Where(one => one.ReadTruth() is not null).Select(one => Judge(one, byName, graphs[one.Scenario ?? ""]))];
        var cuts = Specificity(cases);
        return new EvalScore
        {
            Figures =
            [
                Figure("top1", judged, one => one.Top1, 1),
                Figure("top3", judged, one => one.Top3, 3),
                Figure("empty_answers", judged, one => one.IsEmpty ? 1 : 0, null),
                .. cuts.Count == 0 ? Array.Empty<EvalFigure>() : [new EvalFigure("specificity", cuts.Average(cut => cut.IsEmpty ? 1.0 : 0), Bootstrap.OfMean([.. cuts.Select(cut => cut.IsEmpty ? 1.0 : 0)]), cuts.Count)],
            ],
            Tables =
            [
                new EvalTable("By scenario and alerted metric", ["cell", "issues", "top1", "top3", "empty"], [.. judged.GroupBy(one => one.Cell).OrderBy(cell => cell.Key, StringComparer.Ordinal).Select(Row)]),
                PetShopTrial.Of(cases),
                new EvalTable("Specificity: answers that are empty where five rows of the normal period stand for an issue", ["cell", "cuts", "empty"],
                    [.. cuts.GroupBy(cut => cut.Cell).Select(cell => (IReadOnlyList<string>)[cell.Key, Text(cell.Count()), Text(cell.Average(cut => cut.IsEmpty ? 1.0 : 0))])]),
            ],
            Notes =
            [
                "A tie counts as its expected value under random order; an issue without an answer, or whose culprit is not ranked, is a miss.",
                "Specificity cuts the normal period at 50, 60, 70, 80 and 90 %: what is before is the normal period, the five rows after the cut are the issue.",
                "Nothing is trained and no threshold was chosen on labels. Chance ranks all nodes of the graph at random.",
            ],
        };
    }

    private static Judged Judge(PetShopCase one, Dictionary<string, JsonObject> answers, int nodes)
    {
        var scores = answers.TryGetValue(one.Name, out var answer) ? Ranking.Scores(answer) : new Dictionary<string, double>();
        var truth = one.ReadTruth()!;
        return new Judged(CellOf(one), Ranking.Hit(scores, truth, 1), Ranking.Hit(scores, truth, 3), scores.Count == 0, nodes);
    }

    private static List<(string Cell, bool IsEmpty)> Specificity(IReadOnlyList<PetShopCase> cases)
    {
        var cuts = new List<(string, bool)>();
        foreach (var scenario in cases.GroupBy(one => one.Scenario))
        {
            var (graph, normal) = PetShopCase.ReadScenario(scenario.Key, _ => { });
            if (graph is null || !PetShopCase.HasNormalPeriod(scenario.Key))
                continue;
            foreach (var cell in scenario.Select(one => (Cell: CellOf(one), Target: one.ReadTarget(_ => { }))).Where(one => one.Target is not null).Distinct())
            {
                foreach (var cut in Cuts)
                {
                    var rows = (int)(cut * normal.Rows);
                    var window = normal.Slice(rows, Math.Min(WindowRows, normal.Rows - rows));
                    cuts.Add((cell.Cell, RankByLoss.Rank(graph, normal.Slice(0, rows), window, cell.Target!.Value).Count == 0));
                }
            }
        }

        return cuts;
    }

    private static string CellOf(PetShopCase one) => $"{Path.GetFileName(one.Scenario) ?? "without graph"}, {one.ReadTarget(_ => { })?.Metric ?? "unknown"}";

    private static EvalFigure Figure(string name, Judged[] judged, Func<Judged, double> value, int? top)
    {
        double[] values = [.. judged.Select(value)];
        double? chance = top is { } k && judged.Length > 0 ? judged.Average(one => one.Nodes == 0 ? 0 : Math.Min(1, k / (double)one.Nodes)) : null;
        return new EvalFigure(name, values.Length == 0 ? double.NaN : values.Average(), Bootstrap.OfMean(values), values.Length, chance);
    }

    private static IReadOnlyList<string> Row(IGrouping<string, Judged> cell) =>
        [cell.Key, Text(cell.Count()), Text(cell.Average(one => one.Top1)), Text(cell.Average(one => one.Top3)), Text(cell.Average(one => one.IsEmpty ? 1.0 : 0))];

    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private sealed record Judged(string Cell, double Top1, double Top3, bool IsEmpty, int Nodes);
}
