using System.Text.Json;
using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Takes OTLP metrics: sums, gauges, histograms and summaries become Prometheus series. Delta points are added up, exponential
/// histograms get the bounds of classic ones.
/// </summary>
/// <param name="sink">Where the samples go.</param>
/// <param name="options">Limits of the door.</param>
/// <param name="outside">Clock and logs.</param>
/// <param name="known">
/// The series of a metric and job that the store still shows: those that a job's first push after a restart leaves out end with it.
/// </param>
public sealed class OtlpReceiver(
    ISampleSink sink, OtlpOptions options, Outside outside, Func<string, string, IEnumerable<LabelSet>>? known = null) : IOtlpDoor
{
    private const string Door = "otlp";

    private readonly ILogger _log = outside.Logs.CreateLogger("Observability.Collectors.Otlp");
    private readonly OtlpStaleness _staleness = new(known ?? ((_, _) => []));
    private readonly OtlpDeltas _deltas = new();
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public OtlpSignal Signal => OtlpSignal.Metrics;

    /// <inheritdoc/>
    public long BodyLimitBytes => options.BodyLimitBytes;

    /// <inheritdoc/>
    public OtlpOutcome Receive(ReadOnlyMemory<byte> body, OtlpEncoding encoding)
    {
        List<OtlpMetric>? metrics;
        try
        {
            metrics = encoding == OtlpEncoding.Json ? OtlpJson.Read(body) : OtlpMetricProtobuf.Read(body.Span);
        }
        catch (JsonException fault)
        {
            return Refuse($"the body is not JSON: {fault.Message}");
        }

        if (metrics is null)
        {
            return Refuse(encoding == OtlpEncoding.Json
                ? "the body has no list resourceMetrics"
                : "the body is not an ExportMetricsServiceRequest");
        }

        var now = outside.Time.GetUtcNow();
        var translation = new OtlpTranslation(now, options, _deltas);
        // Totals of delta points must reach the store in the order in which they were added up.
        lock (_gate)
        {
            foreach (var metric in metrics)
                translation.Add(metric);
            HandOn(translation, now);
        }

        if (translation.Rejected > 0)
        {
            CollectorsMetrics.Refused(Door, "point", translation.Rejected);
            CollectorsLog.PushRefused(_log, Door, translation.Message);
        }

        return new OtlpOutcome(200, translation.Accepted, translation.Rejected, translation.Message);
    }

    private void HandOn(OtlpTranslation translation, DateTimeOffset now)
    {
        CollectorsMetrics.Samples(Door, translation.Samples.Count);
        _staleness.End(translation.Samples, now.ToUnixTimeMilliseconds());
        if (translation.Samples.Count > 0)
            sink.Append(new SampleBatch(Door, now, translation.Samples) { Metadata = translation.Metadata });
    }

    private OtlpOutcome Refuse(string message)
    {
        CollectorsMetrics.Refused(Door, "body");
        CollectorsLog.PushRefused(_log, Door, message);
        return new OtlpOutcome(400, 0, 0, message);
    }
}
