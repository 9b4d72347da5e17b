using System.Diagnostics.Metrics;

namespace Observability.Collectors;

/// <summary>What the collectors say of themselves.</summary>
internal static class CollectorsMetrics
{
    private static readonly Meter Meter = new("Observability.Collectors");

    public static readonly Counter<long> Samples =
        Meter.CreateCounter<long>("observability_collected_samples_total", description: "Samples read, by source.");

    public static readonly Counter<long> Refused =
        Meter.CreateCounter<long>("observability_collect_refused_total", description: "Lines, points and bodies refused, by source and reason.");

    public static readonly Counter<long> Scrapes =
        Meter.CreateCounter<long>("observability_scrapes_total", description: "Scrapes, by outcome.");

    public static readonly Counter<long> Events =
        Meter.CreateCounter<long>("observability_events_total", description: "Events read, by source.");

    public static void Refuse(string source, string reason, long count = 1) => Refused.Add(
        count, new KeyValuePair<string, object?>("source", source), new KeyValuePair<string, object?>("reason", reason));
}
