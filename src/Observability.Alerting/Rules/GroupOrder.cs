using Observability.Metrics;

namespace Observability.Alerting;

/// <summary>
/// Which groups may be evaluated beside which. Two are in each other's way where one reads a metric that the other writes; what
/// cannot be told (a selector without a name, a template with a query, an expression of another dialect) is in everybody's way
/// that writes.
/// </summary>
internal static class GroupOrder
{
    public static void Set(IReadOnlyList<LoadedGroup> groups)
    {
        var uses = groups.Select(group => new Use(Written(group), Read(group))).ToArray();
        for (var i = 0; i < groups.Count; i++)
        {
            var own = uses[i];
            groups[i].After = [.. Enumerable.Range(0, i).Where(earlier => own.Conflicts(uses[earlier])).Select(earlier => groups[earlier])];
        }
    }

    private static HashSet<string> Written(LoadedGroup group) => group.Rules.SelectMany(rule => rule.Writes).ToHashSet(StringComparer.Ordinal);

    // Null for anything.
    private static HashSet<string>? Read(LoadedGroup group)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rule in group.Rules)
        {
            if (rule is AlertingRule { QueriesInTemplates: true } || PromQlParser.Parse(rule.Spec.Expression, experimental: true).Expression is not { } expression)
                return null;
            foreach (var selector in ExpressionSelectors.Of(expression))
            {
                if (selector.MetricName is not { } name)
                    return null;
                names.Add(name);
            }
        }

        return names;
    }

    private sealed record Use(HashSet<string> Written, HashSet<string>? Read)
    {
        public bool Conflicts(Use other) => Overlap(Written, other.Read) || Overlap(other.Written, Read) || (Written.Overlaps(other.Written) && !OnlyAlerts(other));

        private static bool Overlap(HashSet<string> written, HashSet<string>? read) => read is null ? written.Count > 0 : written.Overlaps(read);

        // Every group with alerts writes ALERTS, each its own series.
        private bool OnlyAlerts(Use other) => Written.Intersect(other.Written).All(name => name.StartsWith("ALERTS", StringComparison.Ordinal));
    }
}
