using System.Globalization;
using System.Text.Json.Nodes;
using Observability.Incidents;

namespace Observability.Server;

/// <summary>Scores rankings of recorded incidents. Only this class reads <c>label.csv</c>.</summary>
internal static class AlertRcaScore
{
    private const string Labels = "label.csv";

    // Incidents that are laid over one another when grouping is tried.
    private const int MostTogether = 5;

    public static EvalScore Of(string path, IReadOnlyList<JsonObject> answers)
    {
        var systems = AlertRcaSystem.Below(path, _ => { });
        var byName = answers.ToDictionary(answer => (string)answer["case"]!, Ranking.Scores, StringComparer.Ordinal);
        Judged[] judged = [.. systems.SelectMany(system => Truths(system).Select(truth =>
            Judge(system, truth, byName.GetValueOrDefault($"{system.Name}/{truth.Id}") ?? new Dictionary<string, double>())))];
        GroupingTrial[] trials = [.. systems.SelectMany(system => Enumerable.Range(1, MostTogether).SelectMany(together => GroupingTrial.Run(system, together, new Random(together))))];
        return new EvalScore
        {
            Figures =
            [
                Figure("top1", judged, one => one.Top1, 1),
                Figure("top3", judged, one => one.Top3, 3),
                Figure("avg3", judged, one => one.Average, null),
                Figure("empty_answers", judged, one => one.IsEmpty ? 1 : 0, null),
                .. Grouping(trials),
            ],
            Tables =
            [
                Table("By system", judged, one => one.System),
                Table("By level of the fault", judged, one => one.Truth.Level),
                Table("By kind of fault", judged, one => one.Truth.FaultType),
                new EvalTable("Grouping: incidents laid over one another, beginning within five minutes, with a tenth of alerts more that belong to none",
                    ["system", "at a time", "method", "pair F1", "NMI", "compression", "missed incidents"],
                    [.. trials.Select(trial => trial.Row())]),
                new EvalTable("Beside it", ["method", "top1", "top3", "avg3"], [.. Baselines(systems)]),
            ],
            Notes =
            [
                "A tie counts as its expected value under random order; an incident without alerts, or whose culprit is not ranked, is a miss. The exact entity counts: a pod for its service is a miss.",
                "Rates of alerts come from earlier incidents of the same system only, none of them with its label. Chance ranks all nodes of the graph at random.",
                "Variants and options were compared on this system, so that its figures are slightly selected; the method was kept to what a range of options agrees on.",
            ],
        };
    }

    private static IEnumerable<EvalFigure> Grouping(GroupingTrial[] trials) => trials.Where(trial => trial.IsOurs && trial.Together > 1).GroupBy(trial => trial.Together)
        .Select(some => new EvalFigure(string.Create(CultureInfo.InvariantCulture, $"grouping_pair_f1_of_{some.Key}"), some.Average(trial => trial.Score.PairF1), null, some.Sum(trial => trial.Incidents)));

    private static Judged Judge(AlertRcaSystem system, Truth truth, IReadOnlyDictionary<string, double> scores)
    {
        double[] hits = [.. Enumerable.Range(1, 3).Select(k => Ranking.Hit(scores, truth.Entity, k))];
        return new Judged(system.Name, truth, hits[0], hits[2], hits.Average(), scores.Count == 0, system.Graph.Nodes.Count);
    }

    private static IEnumerable<IReadOnlyList<string>> Baselines(IReadOnlyList<AlertRcaSystem> systems)
    {
        yield return Baseline("the same, every incident as if it were the first", systems, (graph, one) =>
            new RankByAlerts(graph).Rank(one.Alerts).ToDictionary(node => node.Id, node => node.Score, StringComparer.Ordinal));
        yield return Baseline("most alerts", systems, (_, one) =>
            one.Alerts.CountBy(alert => alert.Entity).ToDictionary(count => count.Key, count => (double)count.Value, StringComparer.Ordinal));
    }

    private static IReadOnlyList<string> Baseline(string name, IReadOnlyList<AlertRcaSystem> systems, Func<ServiceGraph, AlertRcaCase, Dictionary<string, double>> rank)
    {
        Judged[] judged = [.. systems.SelectMany(system =>
        {
            var cases = system.Cases.ToDictionary(one => one.Id, StringComparer.Ordinal);
            return Truths(system).Select(truth => Judge(system, truth, cases.TryGetValue(truth.Id, out var one) ? rank(system.Graph, one) : []));
        })];
        return [name, Text(Mean(judged, one => one.Top1)), Text(Mean(judged, one => one.Top3)), Text(Mean(judged, one => one.Average))];
    }

    /// <summary>Rows of <c>fault_id,fault_level,fault_entity,fault_type,…</c>, by the names of the columns.</summary>
    private static IEnumerable<Truth> Truths(AlertRcaSystem system)
    {
        var file = Path.Combine(system.Folder, Labels);
        if (!File.Exists(file))
            return [];
        var rows = CsvRows.Read(file);
        var header = rows[0].ToList();
        return rows.Skip(1).Select(row => new Truth(Of(row, "fault_id"), Of(row, "fault_entity"), Of(row, "fault_level"), Of(row, "fault_type")));

        string Of(IReadOnlyList<string> row, string column) => header.IndexOf(column) is var at and >= 0 && at < row.Count ? row[at] : "";
    }

    private static EvalTable Table(string title, Judged[] judged, Func<Judged, string> by) => new(title, ["", "incidents", "top1", "top3", "avg3"],
        [.. judged.GroupBy(by).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => (IReadOnlyList<string>)
            [group.Key, Text(group.Count()), Text(Mean(group, one => one.Top1)), Text(Mean(group, one => one.Top3)), Text(Mean(group, one => one.Average))])]);

    private static EvalFigure Figure(string name, Judged[] judged, Func<Judged, double> value, int? top)
    {
        double? chance = top is { } k && judged.Length > 0 ? judged.Average(one => Math.Min(1, k / (double)Math.Max(1, one.Nodes))) : null;
        return new EvalFigure(name, Mean(judged, value), Bootstrap.OfMean([.. judged.Select(value)]), judged.Length, chance);
    }

    private static double Mean(IEnumerable<Judged> judged, Func<Judged, double> value) => judged.Select(value).DefaultIfEmpty(double.NaN).Average();

    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private sealed record Truth(string Id, string Entity, string Level, string FaultType);

    private sealed record Judged(string System, Truth Truth, double Top1, double Top3, double Average, bool IsEmpty, int Nodes);
}
