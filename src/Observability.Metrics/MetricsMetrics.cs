using System.Diagnostics.Metrics;

namespace Observability.Metrics;

/// <summary>What the store and the engines count about themselves.</summary>
internal static class MetricsMetrics
{
    private static readonly Meter s_meter = new("Observability.Metrics");

    public static readonly Counter<long> SamplesAppended = s_meter.CreateCounter<long>(
        "observability_metrics_samples_appended_total", description: "Samples stored.");

    public static readonly Counter<long> SamplesRefused = s_meter.CreateCounter<long>(
        "observability_metrics_samples_refused_total", description: "Samples not stored, by reason.");

    public static readonly Counter<long> SamplesInserted = s_meter.CreateCounter<long>(
        "observability_metrics_samples_inserted_total", description: "Samples stored after newer ones of their series.");

    public static readonly Counter<long> SamplesRepeated = s_meter.CreateCounter<long>(
        "observability_metrics_samples_repeated_total", description: "Samples that were stored already with the same value.");

    public static readonly Counter<long> ExemplarsRefused = s_meter.CreateCounter<long>(
        "observability_metrics_exemplars_refused_total", description: "Exemplars not kept: out of order, or with too long labels.");

    public static readonly Counter<long> MetadataRefused = s_meter.CreateCounter<long>(
        "observability_metrics_metadata_refused_total", description: "Statements about metric families not kept because there were too many families.");

    public static readonly UpDownCounter<long> Series = s_meter.CreateUpDownCounter<long>(
        "observability_metrics_series", description: "Series in memory.");

    public static readonly Counter<long> RowsCorrupt = s_meter.CreateCounter<long>(
        "observability_metrics_rows_corrupt_total", description: "Stored rows skipped because they could not be read.");

    public static readonly Counter<long> BatchesUnlogged = s_meter.CreateCounter<long>(
        "observability_metrics_batches_unlogged_total", description: "Batches kept in memory only because the write-ahead buffer was full.");

    public static readonly Counter<long> FlushesFailed = s_meter.CreateCounter<long>(
        "observability_metrics_flushes_failed_total", description: "Flushes that could not write the file; the samples stay in memory and wait.");

    public static readonly Counter<long> Queries = s_meter.CreateCounter<long>(
        "observability_metrics_queries_total", description: "Queries answered, by engine and outcome.");

    public static readonly Counter<long> QueriesRepeated = s_meter.CreateCounter<long>(
        "observability_metrics_queries_repeated_total", description: "Queries asked again of a remote server that could not be reached, broke off or was busy.");

    public static KeyValuePair<string, object?> Reason(string reason) => new("reason", reason);

    public static void CountQuery(string engine, QueryResult result) => Queries.Add(
        1, new KeyValuePair<string, object?>("engine", engine), new KeyValuePair<string, object?>("outcome", result.Error?.Type ?? "success"));
}
