using System.Diagnostics.Metrics;

namespace Observability.Response;

/// <summary>What choosing, acting and telling say of themselves.</summary>
internal static class ResponseMetrics
{
    private static readonly Meter Meter = new("Observability.Response");

    public static readonly Counter<long> Steps =
        Meter.CreateCounter<long>("observability_steps_total", description: "Steps carried out, by action and result.");

    public static readonly Counter<long> Refused =
        Meter.CreateCounter<long>("observability_runs_refused_total", description: "Runs that a guard held back or refused, by reason.");

    public static readonly Counter<long> Runs =
        Meter.CreateCounter<long>("observability_runs_ended_total", description: "Runs that ended, by runbook and state.");

    public static readonly Counter<long> StepsDropped =
        Meter.CreateCounter<long>("observability_steps_dropped_total", description: "Intents not queued, by reason; the run intends them again.");

    public static readonly Counter<long> Deliveries =
        Meter.CreateCounter<long>("observability_deliveries_total", description: "Attempts to deliver a notification, by channel and outcome.");

    public static readonly Counter<long> Dropped =
        Meter.CreateCounter<long>("observability_outbox_dropped_total", description: "Notifications given up because the outbox was full.");
}
