using System.Diagnostics.Metrics;

namespace Observability.Storage;

/// <summary>What the journal says of itself.</summary>
internal static class StorageMetrics
{
    private static readonly Meter Meter = new("Observability.Storage");

    public static readonly Counter<long> Appended =
        Meter.CreateCounter<long>("observability_journal_appended_total", description: "Records appended to the journal.");

    public static readonly Counter<long> Damaged =
        Meter.CreateCounter<long>("observability_journal_damaged_total", description: "Journal records that could not be read.");
}
