using System.Diagnostics.Metrics;

namespace Observability.Collectors;

/// <summary>What the collectors say of themselves.</summary>
internal static class CollectorsMetrics
{
    private static readonly Meter Meter = new("Observability.Collectors");

    private static readonly Counter<long> AllSamples =
        Meter.CreateCounter<long>("observability_collectors_samples_total", description: "Samples accepted, by source.");

    private static readonly Counter<long> AllEvents =
        Meter.CreateCounter<long>("observability_collectors_events_total", description: "Events emitted, by source.");

    private static readonly Counter<long> AllRefused = Meter.CreateCounter<long>(
        "observability_collectors_refused_total", description: "Items refused, by source and reason.");

    private static readonly Counter<long> AllFolded = Meter.CreateCounter<long>(
        "observability_collectors_folded_total", description: "Repeats folded into an earlier event, by source.");

    private static readonly Counter<long> AllClamped = Meter.CreateCounter<long>(
        "observability_collectors_clamped_times_total", description: "Times ahead of our clock that were set to now, by source.");

    private static readonly Counter<long> AllCorrected = Meter.CreateCounter<long>(
        "observability_collectors_corrected_times_total", description: "Times of nodes whose clock is known to be off that were set right, by source.");

    private static readonly Counter<long> AllUnknown = Meter.CreateCounter<long>(
        "observability_collectors_unknown_values_total", description: "Blank values dropped because they mean unknown, by source.");

    private static readonly Counter<long> AllReads =
        Meter.CreateCounter<long>("observability_collectors_reads_total", description: "Reads of a source, by outcome.");

    private static readonly Counter<long> AllDropped = Meter.CreateCounter<long>(
        "observability_collectors_buffer_dropped_total", description: "Samples and events of the forwarding buffer that were lost, by reason.");

    private static readonly Counter<long> AllForgotten = Meter.CreateCounter<long>(
        "observability_collectors_spans_forgotten_total",
        description: "Spans that made room for newer ones, by what they were kept for: to be known as a parent, or until their own parent comes.");

    private static readonly Gauge<long> BufferBytes =
        Meter.CreateGauge<long>("observability_collectors_buffer_bytes", description: "Bytes of the forwarding buffer on disk.");

    private static readonly Gauge<long> BufferItems =
        Meter.CreateGauge<long>("observability_collectors_buffer_items", description: "Samples and events that wait in the forwarding buffer.");

    public static void Samples(string source, long count) => AllSamples.Add(count, Tag(source));

    public static void Events(string source) => AllEvents.Add(1, Tag(source));

    public static void Refused(string source, string reason, long count = 1) =>
        AllRefused.Add(count, Tag(source), new KeyValuePair<string, object?>("reason", reason));

    public static void Folded(string source) => AllFolded.Add(1, Tag(source));

    public static void Clamped(string source) => AllClamped.Add(1, Tag(source));

    public static void Corrected(string source) => AllCorrected.Add(1, Tag(source));

    public static void Unknown(string source, long count) => AllUnknown.Add(count, Tag(source));

    public static void Reads(string source, bool ok) =>
        AllReads.Add(1, Tag(source), new KeyValuePair<string, object?>("outcome", ok ? "ok" : "failed"));

    public static void Dropped(string reason, long count) => AllDropped.Add(count, new KeyValuePair<string, object?>("reason", reason));

    public static void Forgotten(string kept, long count) => AllForgotten.Add(count, new KeyValuePair<string, object?>("kept", kept));

    public static void Buffered(long bytes, long items)
    {
        BufferBytes.Record(bytes);
        BufferItems.Record(items);
    }

    private static KeyValuePair<string, object?> Tag(string source) => new("source", source);
}
