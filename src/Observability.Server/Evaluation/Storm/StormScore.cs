using System.Globalization;
using Observability.Incidents;
using Observability.Model;

namespace Observability.Server;

/// <summary>Scores groupings of a storm's alerts: how well they fit the faults, how much they fold away, and which causes go under.</summary>
internal static class StormScore
{
    /// <summary>Scores the platform's grouping beside three simple ones.</summary>
    public static EvalScore Of(SyntheticStorm storm)
    {
        var alerts = StormGroups.Distinct(storm);
        var platform = StormGroups.ByPlatform(storm, alerts, out var digested);
        var methods = new (string Name, int[] Groups)[]
        {
            ("platform", platform),
            ("one group per alert name", StormGroups.ByName(alerts)),
            ("gap of 60 s", StormGroups.ByGap(alerts)),
            ("Alertmanager: alert name × firing episode", StormGroups.ByEpisode(alerts)),
        };
        var (grouping, lost) = (Score(alerts, platform), Lost(storm, alerts, platform));
        var cases = storm.Faults.Count;
        return new EvalScore
        {
            Figures =
            [
                new EvalFigure("pair_f1", grouping.PairF1, null, alerts.Count),
                new EvalFigure("pair_precision", grouping.PairPrecision, null, alerts.Count),
                new EvalFigure("pair_recall", grouping.PairRecall, null, alerts.Count),
                new EvalFigure("nmi", grouping.MutualInformation, null, alerts.Count),
                new EvalFigure("folded_of_storm", Folded(alerts, platform), null, alerts.Count(one => one.Fault >= 0)),
                new EvalFigure("lost_causes", lost.Count, null, cases),
                new EvalFigure("incidents_per_fault", OfFaults(alerts, platform) / (double)cases, null, cases),
            ],
            Tables =
            [
                new EvalTable(
                    "Grouping, compression and lost causes together; compression alone proves nothing", ["method", "pair F1", "precision", "recall", "NMI", "groups", "folded, of storm", "lost causes"],
                    [.. methods.Select(method => Row(storm, alerts, method))]),
                new EvalTable("By kind of fault", ["kind", "faults", "alerts", "incidents per fault", "lost causes"], [.. storm.Faults.Select(fault => fault.FaultClass).Distinct().Order(StringComparer.Ordinal).Select(kind => KindRow(storm, (alerts, platform, lost), kind))]),
            ],
            Models = LearnedModels.ShippedHashes().Where(model => model.Key == "actionability.zip").ToDictionary(),
            Notes =
            [
                Text($"{storm.Alerts.Count} messages, {alerts.Count} of them alerts that did not fire already; {storm.Faults.Count} faults; {alerts.Count(one => one.Fault < 0)} alerts are noise; fleet of {storm.Nodes} nodes. {digested} remarks opened and joined no incident and stay in the digest: nobody is called for them, so that they are folded; for F1 and NMI each is a group of its own."),
                "Each alert of noise is an incident of its own in the truth. Folded is 1 - groups / alerts over the alerts of faults and the groups that hold any of them.",
                "A cause is lost where a fault whose own cause alerts came is the main fault of no group: whoever reads the groups would not learn of it.",
            ],
        };
    }

    private static Grouping Score(IReadOnlyList<StormAlert> alerts, int[] groups) =>
        Grouping.Of([.. alerts.Select((one, at) => one.Fault >= 0 ? one.Fault : -1 - at)], groups);

    private static double Folded(IReadOnlyList<StormAlert> alerts, int[] groups) =>
        1 - (OfFaults(alerts, groups) / (double)alerts.Count(one => one.Fault >= 0));

    private static int OfFaults(IReadOnlyList<StormAlert> alerts, int[] groups) =>
        alerts.Zip(groups).Where(pair => pair.First.Fault >= 0 && pair.Second >= 0).Select(pair => pair.Second).Distinct().Count();

    private static HashSet<int> Lost(SyntheticStorm storm, IReadOnlyList<StormAlert> alerts, int[] groups)
    {
        // The main fault of a group is the one that most of its cause alerts are of, or where there are none most of its alerts.
        var main = alerts.Zip(groups).Where(pair => pair.First.Fault >= 0).GroupBy(pair => pair.Second)
            .Select(group => group.OrderByDescending(pair => IsCause(pair.First)).First() is var first && IsCause(first.First)
                ? Most(group.Where(pair => IsCause(pair.First)).Select(pair => pair.First.Fault))
                : Most(group.Select(pair => pair.First.Fault))).ToHashSet();
        var spoke = alerts.Where(IsCause).Select(one => one.Fault).Where(fault => fault >= 0 && storm.Faults[fault].Cause is not null);
        return [.. spoke.Where(fault => !main.Contains(fault))];
    }

    private static bool IsCause(StormAlert one) => one.Alert.Labels[AlertLabel.Role] == AlertLabel.RoleCause;

    private static int Most(IEnumerable<int> faults) => faults.CountBy(fault => fault).MaxBy(pair => pair.Value).Key;

    private static IReadOnlyList<string> Row(SyntheticStorm storm, IReadOnlyList<StormAlert> alerts, (string Name, int[] Groups) method)
    {
        var grouping = Score(alerts, method.Groups);
        return
        [
            method.Name, Text($"{grouping.PairF1:0.000}"), Text($"{grouping.PairPrecision:0.000}"), Text($"{grouping.PairRecall:0.000}"), Text($"{grouping.MutualInformation:0.000}"),
            Text($"{method.Groups.Where(group => group >= 0).Distinct().Count()}"), Text($"{100 * Folded(alerts, method.Groups):0.00} %"), Text($"{Lost(storm, alerts, method.Groups).Count}"),
        ];
    }

    private static IReadOnlyList<string> KindRow(SyntheticStorm storm, (IReadOnlyList<StormAlert> Alerts, int[] Groups, HashSet<int> Lost) scored, string kind)
    {
        var faults = Enumerable.Range(0, storm.Faults.Count).Where(fault => storm.Faults[fault].FaultClass == kind).ToHashSet();
        var own = scored.Alerts.Zip(scored.Groups).Where(pair => faults.Contains(pair.First.Fault)).ToList();
        var groups = own.GroupBy(pair => pair.First.Fault).Sum(fault => fault.Select(pair => pair.Second).Where(group => group >= 0).Distinct().Count());
        return [kind, Text($"{faults.Count}"), Text($"{own.Count}"), Text($"{groups / (double)faults.Count:0.00}"), Text($"{scored.Lost.Count(faults.Contains)}")];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
