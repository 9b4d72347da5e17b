using System.Diagnostics.Metrics;

namespace Observability.Storage;

/// <summary>What Storage counts.</summary>
public static class StorageMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Observability.Storage";

    private static readonly Meter Meter = new(MeterName);

    internal static Counter<long> RecordsAppended { get; } = Meter.CreateCounter<long>(
        "observability_storage_journal_records_total", description: "Records appended to the journal.");

    internal static Counter<long> AppendsFenced { get; } = Meter.CreateCounter<long>(
        "observability_storage_journal_fenced_total", description: "Appends refused because a later epoch has begun.");

    internal static Counter<long> RecordsDamaged { get; } = Meter.CreateCounter<long>(
        "observability_storage_journal_damaged_total", description: "Records found damaged or missing while reading.");

    internal static Counter<long> DocumentsIndexed { get; } = Meter.CreateCounter<long>(
        "observability_storage_documents_indexed_total", description: "Documents that Elasticsearch took.");

    internal static Counter<long> DocumentsDropped { get; } = Meter.CreateCounter<long>(
        "observability_storage_documents_dropped_total", description: "Documents given up, by reason: queue_full or refused.");
}
