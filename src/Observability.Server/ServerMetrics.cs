using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Observability.Server;

/// <summary>What the composition root says of itself.</summary>
internal static class ServerMetrics
{
    private static readonly Meter Meter = new("Observability.Server");

    /// <summary>One span per step of the platform and per part of it: topology, scrape, logs, rules, detectors, slos, pipeline, flush.</summary>
    public static readonly ActivitySource Traces = new("Observability.Server");

    public static readonly Counter<long> StageIn =
        Meter.CreateCounter<long>("observability_stage_in_total", description: "Items that entered a stage.");

    public static readonly Counter<long> StageOut =
        Meter.CreateCounter<long>("observability_stage_out_total", description: "Items that left a stage.");

    public static readonly Histogram<double> StageSeconds =
        Meter.CreateHistogram<double>("observability_stage_seconds", "s", "Time a stage took for one item or tick.");

    public static readonly Counter<long> InletRefused =
        Meter.CreateCounter<long>("observability_inlet_refused_total", description: "Inputs refused because the inlet was full.");

    public static readonly Counter<long> ReplayDivergence = Meter.CreateCounter<long>(
        "observability_replay_divergence_total", description: "Transitions in the journal that a replay did not derive again.");

    public static readonly Counter<long> CommandsRefused =
        Meter.CreateCounter<long>("observability_commands_refused_total", description: "Commands refused at a front door.");

    public static readonly Counter<long> RequestsRefused = Meter.CreateCounter<long>(
        "observability_requests_refused_total", description: "Requests that were refused, by front door and reason.");

    public static readonly Counter<long> ContentRefused = Meter.CreateCounter<long>(
        "observability_content_refused_total", description: "Faults in rules, catalogue, SLOs or runbooks that kept a reload from being put in force.");

    public static readonly Counter<long> EventsDropped =
        Meter.CreateCounter<long>("observability_events_dropped_total", description: "Events dropped because their queue was full.");

    public static readonly Histogram<double> StepSeconds =
        Meter.CreateHistogram<double>("observability_step_seconds", "s", "Time one step of the platform took, by part.");
}
