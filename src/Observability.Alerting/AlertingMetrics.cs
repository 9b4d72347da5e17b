using System.Diagnostics.Metrics;

namespace Observability.Alerting;

/// <summary>The assembly's own metrics.</summary>
internal static class AlertingMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Observability.Alerting";

    private static readonly Meter s_meter = new(MeterName);

    public static Counter<long> RuleEvaluations { get; } = s_meter.CreateCounter<long>("observability_alerting_rule_evaluations_total");

    public static Counter<long> RuleFailures { get; } = s_meter.CreateCounter<long>("observability_alerting_rule_failures_total");

    /// <summary>Tag rule_group: file and name.</summary>
    public static Counter<long> Iterations { get; } = s_meter.CreateCounter<long>("observability_alerting_rule_group_iterations_total");

    /// <summary>Tag rule_group: file and name.</summary>
    public static Counter<long> MissedIterations { get; } = s_meter.CreateCounter<long>("observability_alerting_rule_group_iterations_missed_total");

    public static Counter<long> TemplateFailures { get; } = s_meter.CreateCounter<long>("observability_alerting_template_failures_total");

    /// <summary>Tags: origin, state.</summary>
    public static Counter<long> AlertsPosted { get; } = s_meter.CreateCounter<long>("observability_alerting_alerts_posted_total");

    /// <summary>Tag outcome: alert, counted, duplicate, stale_boot, expired, unmatched, ended, refused.</summary>
    public static Counter<long> Events { get; } = s_meter.CreateCounter<long>("observability_alerting_events_total");

    /// <summary>Events whose code only the catalogue's row for the rest of its family answers. Tag family: xid, sxid.</summary>
    public static Counter<long> UnknownCodes { get; } = s_meter.CreateCounter<long>("observability_alerting_unknown_codes_total");

    /// <summary>Tag detector.</summary>
    public static Counter<long> DetectorFailures { get; } = s_meter.CreateCounter<long>("observability_alerting_detector_failures_total");

    /// <summary>Tag what: the bounded set that was full.</summary>
    public static Counter<long> Refused { get; } = s_meter.CreateCounter<long>("observability_alerting_refused_total");

    /// <summary>Alerts that Alertmanagers took. Tag alertmanager.</summary>
    public static Counter<long> RelaySent { get; } = s_meter.CreateCounter<long>("observability_alerting_relay_sent_total");

    /// <summary>Alerts in POSTs that failed; what still holds is told again. Tag alertmanager.</summary>
    public static Counter<long> RelayFailed { get; } = s_meter.CreateCounter<long>("observability_alerting_relay_failed_total");

    /// <summary>Alerts for Alertmanagers that were dropped because too many waited.</summary>
    public static Counter<long> RelayDropped { get; } = s_meter.CreateCounter<long>("observability_alerting_relay_dropped_total");

    public static void CountPosted(Model.Alert alert) => AlertsPosted.Add(
        1,
        new KeyValuePair<string, object?>("origin", alert.Origin.ToString()),
        new KeyValuePair<string, object?>("state", alert.State.ToString()));

    public static void CountEvent(string outcome) => Events.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public static void CountRefused(string what) => Refused.Add(1, new KeyValuePair<string, object?>("what", what));

    public static void CountDetectorFailure(string detector) =>
        DetectorFailures.Add(1, new KeyValuePair<string, object?>("detector", detector));
}
