using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Takes OTLP spans of training jobs. The time spent in each kind of span is added up, with the mark that Megatron-LM puts on spans
/// that count for goodput; spans of a training step give its duration, and spans that failed are events. Spans of services tell who calls whom.
/// </summary>
/// <param name="samples">Where the samples go.</param>
/// <param name="events">Where failed spans go.</param>
/// <param name="options">Limits of the door.</param>
/// <param name="outside">Clock and logs.</param>
/// <param name="calls">Who calls whom; null where nobody asks.</param>
public sealed class OtlpTraceReceiver(ISampleSink samples, IEventSink events, OtlpOptions options, Outside outside, ICallSink? calls = null) : IOtlpDoor
{
    private const string Door = "otlp_traces";
    private const int TotalsLimit = 10_000;
    private const int ReasonsKept = 5;

    private readonly ILogger _log = outside.Logs.CreateLogger("Observability.Collectors.Otlp");
    private readonly Dictionary<LabelSet, (double Seconds, double Count)> _totals = [];
    private readonly SpanCalls? _calls = calls is null ? null : new SpanCalls(calls);
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public OtlpSignal Signal => OtlpSignal.Traces;

    /// <inheritdoc/>
    public long BodyLimitBytes => options.BodyLimitBytes;

    /// <inheritdoc/>
    public OtlpOutcome Receive(ReadOnlyMemory<byte> body, OtlpEncoding encoding)
    {
        List<OtlpSpan>? spans;
        try
        {
            spans = encoding == OtlpEncoding.Json ? OtlpTraceJson.ReadSpans(body) : OtlpTraceProtobuf.Read(body.Span);
        }
        catch (JsonException fault)
        {
            return Refuse($"the body is not JSON: {fault.Message}");
        }

        if (spans is null)
            return Refuse(encoding == OtlpEncoding.Json ? "the body has no list resourceSpans" : "the body is not an ExportTraceServiceRequest");
        lock (_gate)
            return Take(spans, outside.Time.GetUtcNow());
    }

    private OtlpOutcome Take(List<OtlpSpan> spans, DateTimeOffset now)
    {
        var batch = new Dictionary<LabelSet, Sample>();
        var reasons = new List<string>();
        long rejected = 0;
        foreach (var span in spans.OrderBy(span => span.EndUnixNano))
        {
            if (Fault(span) is not { Length: > 0 } fault)
                fault = Add(span, now, batch);
            if (fault.Length == 0)
                continue;
            rejected++;
            if (reasons.Count < ReasonsKept && !reasons.Contains(fault))
                reasons.Add(fault);
        }

        _calls?.See(spans.Where(span => Fault(span).Length == 0), now);
        CollectorsMetrics.Samples(Door, batch.Count);
        if (batch.Count > 0)
            samples.Append(new SampleBatch(Door, now, [.. batch.Select(pair => new SeriesSample(pair.Key, pair.Value))]));
        var message = string.Join("; ", reasons);
        if (rejected > 0)
        {
            CollectorsMetrics.Refused(Door, "span", rejected);
            CollectorsLog.PushRefused(_log, Door, message);
        }

        return new OtlpOutcome(200, spans.Count - rejected, rejected, message);
    }

    private static string Fault(OtlpSpan span)
    {
        if (span.Name.Length == 0)
            return "a span has no name";
        return span.StartUnixNano == 0 || span.EndUnixNano < span.StartUnixNano
            ? $"{span.Name}: it ends at {span.EndUnixNano} ns and begins at {span.StartUnixNano} ns" : "";
    }

    private string Add(OtlpSpan span, DateTimeOffset now, Dictionary<LabelSet, Sample> batch)
    {
        var owner = OwnerOf(span);
        var seconds = (span.EndUnixNano - span.StartUnixNano) / 1e9;
        var at = (long)Math.Min(span.EndUnixNano / 1_000_000, (ulong)(now + options.MaxAhead).ToUnixTimeMilliseconds());
        var goodput = OtlpOwner.First([span.Attributes, span.Resource], "is_goodput_span").Equals("true", StringComparison.OrdinalIgnoreCase);
        var key = owner.With(LabelSet.Of(("span", span.Name), ("goodput", goodput ? "true" : "false")));
        if (!_totals.TryGetValue(key, out var total) && _totals.Count >= TotalsLimit)
            return $"{span.Name}: {TotalsLimit} kinds of spans are known already; give spans names without numbers";
        _totals[key] = total = (total.Seconds + seconds, total.Count + 1);
        Put(batch, "train_span_seconds_total", key, at, total.Seconds);
        Put(batch, "train_spans_total", key, at, total.Count);
        if (IsStep(span.Name))
        {
            Put(batch, "train_step_duration_seconds", owner, at, seconds);
            var step = OtlpOwner.First([span.Attributes], "iteration", "step", "global_step", "train.iteration", "megatron.iteration");
            if (long.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                Put(batch, "train_step", owner, at, number);
        }

        if (span.Status == OtlpSpan.Error)
            Publish(span, owner, DateTimeOffset.FromUnixTimeMilliseconds(at));
        return "";
    }

    // The names in Megatron-LM's code and those in its documents differ.
    internal static bool IsStep(string name) => name is "train.iteration" or "train_iteration" or "training.iteration" or "train_step" or "train.step" or "training_step";

    private static LabelSet OwnerOf(OtlpSpan span)
    {
        var job = OtlpOwner.Job(span.Attributes, span.Resource);
        if (job.Length == 0)
            job = OtlpOwner.First([span.Resource], "service.name");
        return LabelSet.Of(("job_name", job), ("node", OtlpOwner.Node(span.Attributes, span.Resource)), ("rank", OtlpOwner.Rank(span.Attributes, span.Resource)));
    }

    private static void Put(Dictionary<LabelSet, Sample> batch, string name, LabelSet labels, long at, double value) =>
        batch[labels.With(LabelSet.MetricNameLabel, name)] = new Sample(at, value);

    private void Publish(OtlpSpan span, LabelSet owner, DateTimeOffset at)
    {
        CollectorsMetrics.Events(Door);
        var raw = $"{span.Name}: {span.StatusMessage}";
        events.Publish(new TelemetryEvent
        {
            At = at,
            Source = EventSource.Training,
            Code = "train:span_failed",
            Raw = raw,
            Severity = EventSeverity.Application,
            Labels = owner,
            Fields = LabelSet.Of(("span", span.Name), ("message", span.StatusMessage), ("trace_id", span.TraceId), ("span_id", span.SpanId)),
            DedupeKey = $"train:span_failed|{owner}|{span.Name}|{span.TraceId}",
        });
    }

    private OtlpOutcome Refuse(string message)
    {
        CollectorsMetrics.Refused(Door, "body");
        CollectorsLog.PushRefused(_log, Door, message);
        return new OtlpOutcome(400, 0, 0, message);
    }
}
