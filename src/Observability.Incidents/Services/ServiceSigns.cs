using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// What an alert of a live service says to <see cref="RankByAlerts"/>. The label <c>signal</c> states it (<c>trace</c>: of requests, <c>metric</c>: of
/// the service's own means, <c>log</c>); where it does not, the words of the alert's name do: <c>CartMemoryHigh</c> and <c>TargetDown</c> are the
/// service's own matter, <c>HighLatency</c> and <c>ErrorBudgetBurn</c> may be its callee's, as anything is whose name tells nothing.
/// </summary>
internal static class ServiceSigns
{
    private const string Signal = "signal";

    private static readonly HashSet<string> OwnMeans = new(
        [
            "cpu", "memory", "mem", "oom", "heap", "gc", "swap", "disk", "filesystem", "volume", "inode", "inodes", "io", "fd", "threads", "thread", "pool", "connections",
            "restart", "restarts", "restarting", "crash", "crashing", "crashloop", "crashlooping", "killed", "evicted", "replica", "replicas", "pod", "pods", "container",
            "throttled", "throttling", "saturation", "saturated", "down", "unreachable", "absent", "certificate", "cert", "license", "quota", "lag",
        ], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Logs = new(["log", "logs", "exception", "exceptions", "panic"], StringComparer.OrdinalIgnoreCase);

    /// <summary>True for an alert about a service; a burning budget is filed under one and is none.</summary>
    public static bool IsOfService(Alert alert) => alert is { Entity.Kind: EntityKind.Service } && alert.Origin != AlertOrigin.Slo;

    /// <summary>The alert as the ranker takes it.</summary>
    public static ServiceAlert Of(Alert alert) => new(alert.Entity!.Value.Name, SourceOf(alert), alert.Name, alert.StartsAt);

    private static ServiceAlertSource SourceOf(Alert alert)
    {
        if (alert.Labels.TryGet(Signal, out var stated) && Enum.TryParse<ServiceAlertSource>(stated, ignoreCase: true, out var source) && Enum.IsDefined(source))
            return source;
        var words = Words(alert.Name).ToList();
        return words.Exists(OwnMeans.Contains) ? ServiceAlertSource.Metric : words.Exists(Logs.Contains) ? ServiceAlertSource.Log : ServiceAlertSource.Trace;
    }

    // HighCPUUsage and http_5xx_high: a capital after a small letter, or before one, begins a word, and so does what follows any other sign.
    private static IEnumerable<string> Words(string name)
    {
        var start = 0;
        for (var i = 1; i <= name.Length; i++)
        {
            var ends = i == name.Length || !char.IsAsciiLetterOrDigit(name[i])
                || (char.IsAsciiLetterUpper(name[i]) && (!char.IsAsciiLetterUpper(name[i - 1]) || (i + 1 < name.Length && char.IsAsciiLetterLower(name[i + 1]))));
            if (!ends)
                continue;
            yield return name[start..i];
            start = i < name.Length && char.IsAsciiLetterOrDigit(name[i]) ? i : i + 1;
        }
    }
}
