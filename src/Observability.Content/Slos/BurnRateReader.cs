using Observability.Model;

namespace Observability.Content;

/// <summary>
/// Reads alert policies of kind burnrate. OpenSLO has one window per condition; <c>alertAfter</c> is the short one where it
/// is shorter than <c>lookbackWindow</c>, so that 1h and 5m is the SRE workbook's first row. Without it the short window is a twelfth.
/// </summary>
internal static class BurnRateReader
{
    // SRE workbook, table 5-8: share of the budget, long window, short window.
    private static readonly (double Share, TimeSpan Long, TimeSpan Short, string Severity)[] Google =
    [
        (0.02, TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), "critical"),
        (0.05, TimeSpan.FromHours(6), TimeSpan.FromMinutes(30), "critical"),
        (0.10, TimeSpan.FromDays(3), TimeSpan.FromHours(6), "warning"),
    ];

    /// <summary>The workbook's rows for a period: 14.4, 6 and 1 for 30 days. Rows that do not fit into the period are left out.</summary>
    public static IEnumerable<BurnRateWindow> GoogleRows(TimeSpan period) =>
        from row in Google
        where row.Long < period
        select new BurnRateWindow(row.Long, row.Short, row.Share * (period / row.Long), row.Severity);

    public static IEnumerable<BurnRateWindow> Read(YamlMap policy, bool isDraft, OpenSloDocuments documents)
    {
        // A list item is a reference or an inline policy; both leave their keys to be checked where they are read.
        var spec = policy;
        if (policy.Has("alertPolicyRef"))
        {
            var name = policy.Required("alertPolicyRef");
            policy.Close();
            if (documents.Resolve(policy, "alertPolicyRef", "AlertPolicy", name) is not { } named)
                return [];
            (spec, isDraft) = (named.Spec, named.IsDraft);
        }
        else if (OpenSloDocuments.ReadObject(policy, "AlertPolicy", isDraft) is { } inline)
        {
            spec = inline.Spec;
        }
        else
        {
            return [];
        }

        spec.Ignore("description", "alertWhenNoData", "alertWhenResolved", "alertWhenBreaching", "notificationTargets");
        var conditions = spec.Maps("conditions");
        spec.Close();
        return conditions.Select(condition => ReadCondition(condition, isDraft, documents)).OfType<BurnRateWindow>().ToArray();
    }

    private static BurnRateWindow? ReadCondition(YamlMap item, bool isDraft, OpenSloDocuments documents)
    {
        OpenSloObject? condition;
        if (item.Has("conditionRef"))
        {
            var name = item.Required("conditionRef");
            item.Close();
            condition = documents.Resolve(item, "conditionRef", "AlertCondition", name);
        }
        else
        {
            condition = OpenSloDocuments.ReadObject(item, "AlertCondition", isDraft);
        }

        if (condition is null)
            return null;
        var spec = condition.Spec;
        spec.Ignore("description");
        var severity = spec.Text("severity") ?? "";
        var burn = spec.Map("condition");
        spec.Close();
        if (burn is null)
        {
            spec.Fault("condition", "is missing");
            return null;
        }

        return ReadBurnRate(burn, severity);
    }

    private static BurnRateWindow? ReadBurnRate(YamlMap burn, string severity)
    {
        burn.OneOf("kind", "burnrate");
        if (burn.OneOf("op", "gte", "gt", "lte", "lt") is "lte" or "lt")
            burn.Warn("op", $"is {burn.Text("op")}: a budget burns when its rate is high, so it is read as gte");
        var threshold = burn.Number("threshold");
        var lookback = ReadDuration(burn, "lookbackWindow");
        var after = ReadDuration(burn, "alertAfter");
        burn.Close();
        if (threshold is not > 0)
            burn.Fault("threshold", "must be a burn rate above 0");
        if (lookback is null && !burn.Has("lookbackWindow"))
            burn.Fault("lookbackWindow", "is missing");
        if (threshold is not > 0 || lookback is not { } window)
            return null;
        return new BurnRateWindow(window, after is { } shorter && shorter < window ? shorter : window / 12, threshold.Value, SeverityOf(severity));
    }

    private static TimeSpan? ReadDuration(YamlMap map, string key)
    {
        if (map.Text(key) is not { } text || text is "0m" or "0")
            return null;
        if (OpenSloDuration.TryParse(text, out var length, out _))
            return length;
        map.Fault(key, $"must be a number and one of m h d w M Q Y, is '{text}'");
        return null;
    }

    private static string SeverityOf(string written) => written switch
    {
        "page" or "" => "critical",
        "ticket" => "warning",
        _ => written,
    };
}
