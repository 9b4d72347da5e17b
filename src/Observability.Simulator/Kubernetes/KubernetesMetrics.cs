using System.Diagnostics.Metrics;

namespace Observability.Simulator;

/// <summary>Counters of the simulated Kubernetes API server.</summary>
internal static class KubernetesMetrics
{
    private static readonly Meter _meter = new("Observability.Simulator");

    public static Counter<long> Requests { get; } = _meter.CreateCounter<long>("observability_simulator_kubernetes_requests_total");

    public static Counter<long> EventsDropped { get; } = _meter.CreateCounter<long>("observability_simulator_kubernetes_events_dropped_total");

    public static Counter<long> CordonsDropped { get; } = _meter.CreateCounter<long>("observability_simulator_kubernetes_cordon_changes_dropped_total");

    public static Counter<long> EvictionsRefused { get; } = _meter.CreateCounter<long>("observability_simulator_kubernetes_evictions_refused_total");

    public static Counter<long> WatchesExpired { get; } = _meter.CreateCounter<long>("observability_simulator_kubernetes_watches_expired_total");
}
