using System.Globalization;
using System.Text.Json.Nodes;

namespace Observability.Server;

/// <summary>Scores answers about traces: cause, place, error of S and false accusations of workers, as facts of one case each.</summary>
internal static class StragglerScore
{
    private const double Causes = 4;

    public static EvalScore Of(IReadOnlyList<(string Name, StragglerLabel? Label, JsonObject? Answer)> cases)
    {
        var judged = cases.Where(one => one.Label is not null).Select(one => (one.Name, Label: one.Label!, one.Answer)).ToList();
        var told = judged.Where(one => one.Label.Cause is not null).ToList();
        var placed = told.Where(one => one.Label.Cause is "worker" or "stage").ToList();
        return new EvalScore
        {
            Figures =
            [
                Figure("cause_correct", told, one => one.Answer is { } answer && (string?)answer["cause"] == one.Label.Cause ? 1 : 0, 1 / Causes),
                Figure("place_correct", placed, one => IsPlace(one.Label, one.Answer) ? 1 : 0, placed.Count == 0 ? null : placed.Average(one => 1.0 / one.Label.Workers)),
                Figure("slowdown_relative_error", judged, one => Error(one.Label, one.Answer), null),
                Figure("false_accusation_of_a_worker", judged, one => (string?)one.Answer?["cause"] == "worker" && one.Label.Cause != "worker" ? 1 : 0, null),
            ],
            Tables =
            [
                new EvalTable("Each case: what was said, and what the authors' analysis says", ["case", "cause", "workers", "stage", "S", "authors: cause", "S", "M_W", "M_S"], [.. judged.Select(Row)]),
            ],
            Notes = [.. Notes(cases)],
        };
    }

    private static IEnumerable<string> Notes(IReadOnlyList<(string Name, StragglerLabel? Label, JsonObject? Answer)> cases)
    {
        yield return "The expected cause follows from the authors' S, M_W and M_S so: S below 1.1 none, M_W of 0.5 or more a worker, M_S of 0.5 or more the last stage; where neither, the labels do not tell it and the case counts for S and false accusations only.";
        yield return "A worker is right where the named set holds the worst worker of the authors' decomposition and nobody else. A case without an answer counts as wrong, its S as wholly wrong.";
        foreach (var (name, label, _) in cases.Where(one => one.Label is null))
            yield return $"{name} has no labels and is not scored.";
    }

    private static EvalFigure Figure(
        string name, List<(string Name, StragglerLabel Label, JsonObject? Answer)> cases, Func<(string Name, StragglerLabel Label, JsonObject? Answer), double> value, double? chance)
    {
        var values = cases.Select(value).ToList();
        return new EvalFigure(name, values.Count > 0 ? values.Average() : double.NaN, Bootstrap.OfMean(values), values.Count, chance);
    }

    private static bool IsPlace(StragglerLabel label, JsonObject? answer) => label.Cause == "worker"
        ? answer?["workers"]?.ToJsonString() == string.Create(CultureInfo.InvariantCulture, $"[[{label.SlowestRank},{label.SlowestStage}]]")
        : (int?)answer?["stage"] == label.SlowestStage;

    private static double Error(StragglerLabel label, JsonObject? answer) =>
        (double?)answer?["slowdown"] is { } said ? Math.Abs(said - label.Slowdown) / label.Slowdown : 1;

    private static IReadOnlyList<string> Row((string Name, StragglerLabel Label, JsonObject? Answer) one) =>
    [
        one.Name,
        (string?)one.Answer?["cause"] ?? "no answer",
        one.Answer?["workers"]?.ToJsonString() ?? "",
        one.Answer?["stage"]?.ToJsonString() ?? "",
        Number((double?)one.Answer?["slowdown"]),
        one.Label.Cause ?? "not told",
        Number(one.Label.Slowdown),
        Number(one.Label.WorstWorkers),
        Number(one.Label.LastStage),
    ];

    private static string Number(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "";
}
