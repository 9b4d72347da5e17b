using System.Globalization;
using Observability.Alerting;

namespace Observability.Server;

/// <summary>From answered series to figures: the windowed score under three kinds of threshold, and what an operator would count.</summary>
internal static class NabReport
{
    private const int Shuffles = 5;

    /// <summary>Figures of the set.</summary>
    public static EvalScore Of(IReadOnlyList<NabCase> cases)
    {
        var shuffled = Enumerable.Range(1, Shuffles).Select(seed => Shuffle(cases, seed)).ToArray();
        var events = NabEvents.Sum(cases.Select(series => NabEvents.Of(series, SeriesScore.Alarm)));
        var chance = NabEvents.Sum(shuffled.SelectMany(some => some).Select(series => NabEvents.Of(series, SeriesScore.Alarm)));
        return new EvalScore
        {
            Figures =
            [
                .. NabProfile.All.SelectMany(profile => Scores(cases, shuffled, profile)),
                Figure(cases, "event_precision", events.Precision, chance.Precision, sum => sum.Precision),
                Figure(cases, "event_recall", events.Recall, chance.Recall, sum => sum.Recall),
                Figure(cases, "event_f1", events.F1, chance.F1, sum => sum.F1),
                new EvalFigure("pr_auc_windows", NabEvents.AveragePrecision(cases, byRows: false), null, cases.Count, shuffled.Average(some => NabEvents.AveragePrecision(some, byRows: false))),
                new EvalFigure("pr_auc_rows", NabEvents.AveragePrecision(cases, byRows: true), null, cases.Count, shuffled.Average(some => NabEvents.AveragePrecision(some, byRows: true))),
                new EvalFigure("delay_rows_p50", Median(events.DelayRows), null, events.Found),
                new EvalFigure("delay_hours_p50", Median([.. events.Delays.Select(delay => delay.TotalHours)]), null, events.Delays.Count),
            ],
            Tables = [ByGroup(cases), BySeries(cases)],
            Notes =
            [
                $"`fixed`: threshold {Number(SeriesScore.Alarm)}, the same for every series and known before one is seen (its place was set while these series were at hand, so `left_out` is the cautious figure); events and delays are counted at it. `best`: threshold chosen on these labels, as published figures do. `left_out`: for each group of series the threshold that is best on the other groups.",
                "Intervals: series drawn with replacement, thresholds held. Chance: the same scores in random order within each series, so a detector that alarms as often but blindly.",
                "Windows are centred on what their label marks, so half a window of delay is a detection at the marked row.",
                "Scores on a selection of the series do not compare with figures of the whole corpus.",
            ],
        };
    }

    private static IEnumerable<EvalFigure> Scores(IReadOnlyList<NabCase> cases, NabCase[][] shuffled, NabProfile profile)
    {
        var best = NabScorer.BestThreshold(cases, profile);
        yield return Figure($"score_{profile.Name}_best", cases, profile, _ => best, shuffled.Average(some => NabScorer.Score(some, profile, NabScorer.BestThreshold(some, profile))));
        yield return Figure($"score_{profile.Name}_fixed", cases, profile, _ => SeriesScore.Alarm, shuffled.Average(some => NabScorer.Score(some, profile, SeriesScore.Alarm)));
        var groups = cases.Select(series => series.Group).Distinct(StringComparer.Ordinal).ToArray();
        if (groups.Length < 2)
            yield break;
        var leftOut = groups.ToDictionary(group => group, group => NabScorer.BestThreshold([.. cases.Where(series => series.Group != group)], profile), StringComparer.Ordinal);
        yield return Figure($"score_{profile.Name}_left_out", cases, profile, series => leftOut[series.Group], null);
    }

    private static EvalFigure Figure(string name, IReadOnlyList<NabCase> cases, NabProfile profile, Func<NabCase, double> threshold, double? chance)
    {
        var raws = cases.Select(series => (Raw: NabScorer.Raw(series, profile, threshold(series)), Windows: series.Windows.Count)).ToArray();
        return new EvalFigure(name, Of(raws), Bootstrap.Of(raws, Of), cases.Count, chance);

        double Of(IReadOnlyList<(double Raw, int Windows)> some) => NabScorer.Normalise(some.Sum(one => one.Raw), some.Sum(one => one.Windows), profile);
    }

    private static EvalFigure Figure(IReadOnlyList<NabCase> cases, string name, double value, double chance, Func<NabEvents, double> statistic) =>
        new(name, value, Bootstrap.Of([.. cases.Select(series => NabEvents.Of(series, SeriesScore.Alarm))], some => statistic(NabEvents.Sum(some))), cases.Count, chance);

    private static EvalTable ByGroup(IReadOnlyList<NabCase> cases)
    {
        var best = NabScorer.BestThreshold(cases, NabProfile.All[0]);
        return new EvalTable(
            "By group of series (standard profile)",
            ["group", "series", "windows", "score, best", "score, fixed", "windows found, fixed", "false alarms, fixed"],
            [.. cases.GroupBy(series => series.Group, StringComparer.Ordinal).Select(group => Row(group.Key, [.. group], best))]);
    }

    private static EvalTable BySeries(IReadOnlyList<NabCase> cases)
    {
        var best = NabScorer.BestThreshold(cases, NabProfile.All[0]);
        return new EvalTable(
            "By series (standard profile)",
            ["series", "rows", "windows", "score, best", "score, fixed", "windows found, fixed", "false alarms, fixed"],
            [.. cases.Select(series => (IReadOnlyList<string>)[series.Series, Number(series.Scores.Count), .. Row("", [series], best).Skip(2)])]);
    }

    private static IReadOnlyList<string> Row(string name, IReadOnlyList<NabCase> cases, double best)
    {
        var events = NabEvents.Sum(cases.Select(series => NabEvents.Of(series, SeriesScore.Alarm)));
        return
        [
            name, Number(cases.Count), Number(events.Windows),
            Number(NabScorer.Score(cases, NabProfile.All[0], best)), Number(NabScorer.Score(cases, NabProfile.All[0], SeriesScore.Alarm)),
            Number(events.Found), Number(events.Alarms - events.Right),
        ];
    }

    private static NabCase[] Shuffle(IReadOnlyList<NabCase> cases, int seed)
    {
#pragma warning disable CA5394 // A detector by chance wants repeatable numbers, not secret ones.
        var random = new Random(seed);
        return [.. cases.Select(series =>
        {
            // What happens in probation is not scored, so it does not change places with the rest.
            var scores = series.Scores.ToArray();
            random.Shuffle(scores.AsSpan(series.Probation));
            return series with { Scores = scores };
        })];
#pragma warning restore CA5394
    }

    private static double Median(IReadOnlyList<double> values) => values.Count == 0 ? double.NaN : values.Order().ElementAt(values.Count / 2);

    private static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("0.##", CultureInfo.InvariantCulture);
}
