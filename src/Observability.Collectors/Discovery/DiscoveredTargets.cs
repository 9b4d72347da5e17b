using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Makes targets of what a discovery found: <c>__address__</c>, <c>__scheme__</c>, <c>__metrics_path__</c>, <c>__param_*</c> and <c>__meta_*</c> labels go
/// through the relabelling rules, then steer the scrape and are dropped, as in Prometheus.
/// </summary>
internal static class DiscoveredTargets
{
    private const int ErrorsKept = 10;

    /// <summary>The targets that are left, and what was wrong with the others.</summary>
    public static TargetSet Of(IEnumerable<LabelSet> found, IReadOnlyList<RelabelRule> rules, LabelSet defaults)
    {
        var targets = new List<ScrapeTarget>();
        var errors = new List<string>();
        foreach (var labels in found)
        {
            if (RelabelRule.Apply(rules, defaults.With(labels)) is not { } relabelled || relabelled["__address__"].Length == 0)
                continue;
            if (TargetOf(relabelled) is { } target)
                targets.Add(target);
            else if (errors.Count < ErrorsKept)
                errors.Add($"'{relabelled["__address__"]}' is no host:port");
        }

        return new TargetSet([.. targets.DistinctBy(target => target.Key)], string.Join("; ", errors));
    }

    private static ScrapeTarget? TargetOf(LabelSet labels)
    {
        var address = labels["__address__"];
        var scheme = labels.TryGet("__scheme__", out var stated) ? stated : "http";
        var path = labels.TryGet("__metrics_path__", out var own) ? own : "/metrics";
        var query = string.Join('&', labels.Where(label => label.Key.StartsWith("__param_", StringComparison.Ordinal))
            .Select(label => $"{Uri.EscapeDataString(label.Key[8..])}={Uri.EscapeDataString(label.Value)}"));
        if (address.Contains('/', StringComparison.Ordinal)
            || !Uri.TryCreate($"{scheme}://{address}/{path.TrimStart('/')}{(query.Length > 0 ? "?" : "")}{query}", UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https"))
        {
            return null;
        }

        var kept = LabelSet.From(labels.Where(label => !label.Key.StartsWith("__", StringComparison.Ordinal)));
        return new ScrapeTarget(url, kept.Has("instance") ? kept : kept.With("instance", address));
    }
}
