using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>Every log message of the assembly.</summary>
internal static partial class AlertingLog
{
    [LoggerMessage(1, LogLevel.Warning, "Rule {Rule} at {Source} failed: {Error}")]
    public static partial void RuleFailed(this ILogger logger, string rule, SourceLine source, string error);

    [LoggerMessage(2, LogLevel.Information, "Rule {Rule} at {Source} works again")]
    public static partial void RuleRecovered(this ILogger logger, string rule, SourceLine source);

    [LoggerMessage(3, LogLevel.Warning, "Rule group {Group} missed {Missed} iterations; give it a longer interval or cheaper rules")]
    public static partial void IterationsMissed(this ILogger logger, string group, long missed);

    [LoggerMessage(4, LogLevel.Information, "Rules reloaded: {Groups} groups, {Rules} rules, {Kept} kept their state")]
    public static partial void RulesReloaded(this ILogger logger, int groups, int rules, int kept);

    [LoggerMessage(5, LogLevel.Warning, "Template of {Rule} at {Source} failed: {Error}")]
    public static partial void TemplateFailed(this ILogger logger, string rule, SourceLine source, string error);

    [LoggerMessage(6, LogLevel.Warning, "Refused an event {Code}: {Entries} entries are remembered already; raise events.maxEntries")]
    public static partial void EventRefused(this ILogger logger, string code, int entries);

    [LoggerMessage(7, LogLevel.Information, "Node {Node} booted anew: {Ended} event alerts of its earlier boot end")]
    public static partial void NodeRebooted(this ILogger logger, string node, int ended);

    [LoggerMessage(8, LogLevel.Warning, "Detector {Detector} got no answer to {Expression}: {Error}; this run is skipped")]
    public static partial void DetectorQueryFailed(this ILogger logger, string detector, string expression, string error);

    [LoggerMessage(9, LogLevel.Information, "Fault catalogue loaded: {Rows} rows")]
    public static partial void CatalogueLoaded(this ILogger logger, int rows);

    [LoggerMessage(10, LogLevel.Warning, "{Alerts} alerts did not reach {Url}: {Error}; what still holds is sent again within the resend delay")]
    public static partial void RelayFailed(this ILogger logger, Uri url, int alerts, string error);

    [LoggerMessage(11, LogLevel.Information, "{Url} takes alerts again")]
    public static partial void RelayRecovered(this ILogger logger, Uri url);
}
