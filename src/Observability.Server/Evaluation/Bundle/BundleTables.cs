using System.Globalization;

namespace Observability.Server;

/// <summary>Breakdowns of scored cases: by kind of fault, by what only looks like one, by what false incidents were.</summary>
internal static class BundleTables
{
    public static IReadOnlyList<EvalTable> Of(IReadOnlyList<ScoredCase> cases) => [ByKind(cases), Negatives(cases), Worths(cases)];

    private static EvalTable ByKind(IReadOnlyList<ScoredCase> cases) => new(
        "By kind of fault",
        ["kind", "group", "faults", "found", "delay p50", "delay p99", "named after p50", "device first", "in first three", "class right", "abstains"],
        [.. cases.SelectMany(one => one.Faults).GroupBy(fault => fault.Fault.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(Row)]);

    private static IReadOnlyList<string> Row(IGrouping<string, ScoredFault> kind)
    {
        var found = kind.Where(fault => fault.IsFound).ToArray();
        return
        [
            kind.Key,
            FaultGroup.Of(kind.First().Fault),
            Number(kind.Count()),
            Percent(found.Length, kind.Count()),
            Seconds(found.Select(fault => fault.Delay), 0.5),
            Seconds(found.Select(fault => fault.Delay), 0.99),
            Seconds(found.Select(fault => fault.VerdictDelay), 0.5),
            Percent(found.Count(fault => fault.IsFirst), found.Length),
            Percent(found.Count(fault => fault.IsInThree), found.Length),
            Percent(found.Count(fault => fault.IsRight), found.Length),
            Percent(found.Count(fault => fault.Abstains), found.Length),
        ];
    }

    private static EvalTable Negatives(IReadOnlyList<ScoredCase> cases) => new(
        "What only looks like a fault",
        ["kind", "times", "with an incident", "blamed on hardware"],
        [.. cases.SelectMany(one => one.Negatives).GroupBy(negative => negative.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => (IReadOnlyList<string>)
            [kind.Key, Number(kind.Count()), Number(kind.Count(one => one.Incidents > 0)), Number(kind.Count(one => one.IsBlamed))])]);

    private static EvalTable Worths(IReadOnlyList<ScoredCase> cases) => new(
        "What incidents were",
        ["incidents", "times"],
        [.. cases.SelectMany(one => one.Incidents).CountBy(incident => incident.Worth).OrderBy(worth => worth.Key)
            .Select(worth => (IReadOnlyList<string>)[OptionValue.SnakeCase(worth.Key.ToString()), Number(worth.Value)])]);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Percent(int part, int whole) => whole == 0 ? "" : (100.0 * part / whole).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    private static string Seconds(IEnumerable<double?> values, double share) =>
        BundleFigures.QuantileOf([.. values.OfType<double>()], share) is var value && double.IsNaN(value) ? "" : value.ToString("0.#", CultureInfo.InvariantCulture) + " s";
}
