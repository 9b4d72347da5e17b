using System.Diagnostics.Metrics;

namespace Observability.Slos;

/// <summary>What Slos counts.</summary>
public static class SloMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Observability.Slos";

    private static readonly Meter Meter = new(MeterName);

    internal static Counter<long> Evaluations { get; } = Meter.CreateCounter<long>(
        "observability_slos_evaluations_total", description: "Measurements of an SLO.");

    internal static Counter<long> QueriesFailed { get; } = Meter.CreateCounter<long>(
        "observability_slos_query_failures_total", description: "Queries of an indicator that gave no value.");

    internal static Counter<long> SeriesRefused { get; } = Meter.CreateCounter<long>(
        "observability_slos_series_refused_total", description: "Counters left out because too many are remembered already.");
}
