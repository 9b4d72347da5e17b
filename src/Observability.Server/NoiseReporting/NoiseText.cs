using System.Globalization;
using Observability.Model;

namespace Observability.Server;

/// <summary>The noise report for a terminal.</summary>
internal static class NoiseText
{
    public static string Of(NoiseReport report)
    {
        List<string> lines =
        [
            Text($"{report.AlertsIn} alerts in, {report.IncidentsOut} incidents out, {report.Compression:P1} folded away, {report.Pages} pages{(report.From is { } from ? Text($"; {from:u} to {report.To:u}") : "")}"),
        ];
        if (!report.Reductions.IsEmpty)
            lines.Add("reduced: " + Reduced(report.Reductions));
        lines.Add("");
        lines.Add(Row("rule", "standing", "fired", "incidents", "acted on", "pages", "precision", "undecided"));
        lines.AddRange(report.Rules.Select(rule => Row(
            rule.Rule.ToString(), Standing(rule), Text($"{rule.Fired}"), Text($"{rule.Incidents}"), rule.IsNeverActioned ? "never" : Text($"{rule.Actioned}"), Text($"{rule.Pages}"),
            Precision(rule.Record), Text($"{rule.Record.Undecided}+{rule.Young}")) + (rule.Reductions.IsEmpty ? "" : "  " + Reduced(rule.Reductions))));
        if (report.Rules.Length > 0)
            lines.Add("precision: share of the judged latest firings that were right, with its 95 % interval; undecided: old enough and unjudged + too young");
        if (report.Duplicates.Length > 0)
            lines.AddRange(["", Text($"fire together on one entity (latest {report.Remembered} firings):"), .. report.Duplicates.Select(Pair)]);
        if (report.Suggestions.Length > 0)
            lines.AddRange(["", "suggestions:", .. report.Suggestions.SelectMany(one => (string[])[$"  {one.Rule}: {one.Change}", $"      {one.Because}", $"      {one.Effect}"])]);
        return string.Join('\n', lines);
    }

    /// <summary>Precision with its interval, as people read it.</summary>
    public static string Precision(RuleRecord record) => record.Precision is { } precision
        ? Text($"{precision:0.00} ({record.Lower:0.00}-{record.Upper:0.00}) of {record.Judged}")
        : "none judged";

    private static string Standing(RuleNoise rule) => rule.Standing is not { } standing ? "-"
        : (standing.Standing == Model.Standing.Shadow ? "shadow" : "live") + (standing.Last.IsPinned ? ", pinned" : "") + (standing.Proposal is null ? "" : ", asked");

    private static string Pair(RulePair pair) => Text(
        $"  {pair.FirstTogether} of {pair.FirstFired} {pair.First} with {pair.Second}, {pair.SecondTogether} of {pair.SecondFired} the other way{(pair.SecondLeads ? Text($"; {pair.Second.Name} first in {pair.SecondAhead}") : "")}");

    private static string Reduced(IEnumerable<KeyValuePair<NoiseReason, long>> reductions) =>
        string.Join(", ", reductions.Select(reduced => Text($"{reduced.Value} {OptionValue.SnakeCase(reduced.Key.ToString())}")));

    private static string Row(params string[] cells) =>
        $"{cells[0],-42} {cells[1],-14} {cells[2],7} {cells[3],9} {cells[4],8} {cells[5],6}  {cells[6],-26} {cells[7],9}";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
