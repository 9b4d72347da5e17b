using System.Diagnostics.Metrics;

namespace Observability.Metrics;

/// <summary>What the series store says of itself.</summary>
internal static class MetricsMetrics
{
    private static readonly Meter Meter = new("Observability.Metrics");

    public static readonly Counter<long> Appended =
        Meter.CreateCounter<long>("observability_samples_appended_total", description: "Samples accepted by the series store.");

    public static readonly Counter<long> Refused =
        Meter.CreateCounter<long>("observability_samples_refused_total", description: "Samples refused, by reason.");

    public static readonly Counter<long> Damaged =
        Meter.CreateCounter<long>("observability_sample_rows_damaged_total", description: "Stored rows that could not be read back.");
}
