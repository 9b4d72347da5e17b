using System.Diagnostics.Metrics;

namespace Observability.Incidents;

/// <summary>What the steps from alert to verdict say of themselves.</summary>
internal static class IncidentsMetrics
{
    private static readonly Meter Meter = new("Observability.Incidents");

    public static readonly Counter<long> Refused =
        Meter.CreateCounter<long>("observability_alerts_refused_total", description: "Alerts refused because too many are active.");

    public static readonly Counter<long> Reduced =
        Meter.CreateCounter<long>("observability_alerts_reduced_total", description: "Alerts that a noise step reduced, by reason.");

    public static readonly Counter<long> RulesRefused =
        Meter.CreateCounter<long>("observability_incidents_rules_refused_total", description: "Alerts of rules past the limit of those that are measured.");

    public static readonly Counter<long> StandingChanges =
        Meter.CreateCounter<long>("observability_incidents_standing_changes_total", description: "Rules that were promoted, demoted or proposed for demotion.");

    public static readonly Counter<long> ServiceHistoryRefused = Meter.CreateCounter<long>(
        "observability_services_history_refused_total", description: "Kinds of alert at services that the ranker of services does not remember because it knows too many.");

    public static readonly Counter<long> HistoryForgotten = Meter.CreateCounter<long>(
        "observability_alert_history_forgotten_total", description: "Keys whose counts the classifier of actionability forgot because too many are known.");
}
