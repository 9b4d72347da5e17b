using System.Globalization;
using System.Text.Json.Nodes;

namespace Observability.Server;

/// <summary>Scores named ranks against the injected ones, case by case.</summary>
internal static class FlightRecorderScore
{
    public static EvalScore Of(IReadOnlyList<(string Name, FlightRecorderLabel Label, JsonObject? Answer)> cases)
    {
        var judged = cases.Select(one => (one.Name, one.Label, Named: Named(one.Answer))).ToList();
        return new EvalScore
        {
            Figures =
            [
                Figure("exact_set", judged, (label, named) => named.SetEquals(label.Ranks) ? 1 : 0, (label, count) => 1 / Subsets(count, label.Ranks.Count)),
                Figure("precision", judged, (label, named) => named.Count == 0 ? (label.Ranks.Count == 0 ? 1 : 0) : (double)named.Count(label.Ranks.Contains) / named.Count, Share),
                Figure("recall", judged, (label, named) => label.Ranks.Count == 0 ? 1 : (double)label.Ranks.Count(named.Contains) / label.Ranks.Count, Share),
                Figure("false_accusations_per_case", judged, (label, named) => named.Count(rank => !label.Ranks.Contains(rank)), null),
            ],
            Tables =
            [
                new EvalTable("Each case", ["case", "fault", "injected", "named"], [.. judged.Select(one => (string[])[one.Name, one.Label.Fault, Text(one.Label.Ranks), Text(one.Named)])]),
            ],
            Notes =
            [
                "A case without an answer counts as one that names nobody. Chance draws as many ranks as were injected among those that left a dump.",
                "Few cases: an acceptance check. The tests run many more made-up jobs with injected faults.",
            ],
        };
    }

    private static HashSet<int> Named(JsonObject? answer) => [.. (answer?["ranks"] as JsonArray ?? []).Select(rank => (int)rank!)];

    private static double Share(FlightRecorderLabel label, int dumps) => dumps == 0 ? 0 : (double)label.Ranks.Count / dumps;

    private static double Subsets(int of, int chosen) => Enumerable.Range(0, Math.Min(chosen, of)).Aggregate(1.0, (ways, at) => ways * (of - at) / (at + 1));

    private static EvalFigure Figure(
        string name, List<(string Name, FlightRecorderLabel Label, HashSet<int> Named)> cases,
        Func<FlightRecorderLabel, HashSet<int>, double> value, Func<FlightRecorderLabel, int, double>? chance)
    {
        var values = cases.Select(one => value(one.Label, one.Named)).ToList();
        return new EvalFigure(
            name, values.Count > 0 ? values.Average() : double.NaN, Bootstrap.OfMean(values), values.Count,
            chance is null || cases.Count == 0 ? null : cases.Average(one => chance(one.Label, one.Label.Dumps)));
    }

    private static string Text(IEnumerable<int> ranks) => string.Join(' ', ranks.Order().Select(rank => rank.ToString(CultureInfo.InvariantCulture)));
}
