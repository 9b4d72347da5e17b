using System.Globalization;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>Turns the metrics of one request into Prometheus samples and says what could not be turned.</summary>
internal sealed class OtlpTranslation(DateTimeOffset now, OtlpOptions options, OtlpDeltas deltas)
{
    private const int ReasonsKept = 5;

    // Attributes of the resource that identify whose metrics these are; the others describe the sender and are dropped.
    private static readonly (string Attribute, string Label)[] Kept =
    [
        ("job_name", "job_name"), ("node", "node"), ("service.name", "job"), ("service.instance.id", "instance"),
    ];

    private readonly List<string> _reasons = [];

    public List<SeriesSample> Samples { get; } = [];

    public List<MetricMetadata> Metadata { get; } = [];

    public long Accepted { get; private set; }

    public long Rejected { get; private set; }

    public string Message => string.Join("; ", _reasons);

    public void Add(OtlpMetric metric)
    {
        var name = PrometheusNames.Metric(metric);
        var refusal = RefusalOf(metric, name);
        if (refusal.Length > 0)
        {
            Reject(metric.Points.Count, $"{metric.Name}: {refusal}");
            return;
        }

        Metadata.Add(new MetricMetadata(name, TypeOf(metric), metric.Description, metric.Unit));
        foreach (var point in metric.Points)
            Add(metric, name, point);
    }

    private static string TypeOf(OtlpMetric metric) => metric.Kind switch
    {
        OtlpKind.Sum when metric.IsMonotonic => "counter",
        OtlpKind.Sum or OtlpKind.Gauge => "gauge",
        OtlpKind.Summary => "summary",
        _ => "histogram",
    };

    private static string RefusalOf(OtlpMetric metric, string name)
    {
        if (name.Length == 0)
            return "a metric has no name";
        if (metric.Kind == OtlpKind.Unknown)
            return "the metric has no data of a known kind";
        return metric.Kind is not (OtlpKind.Gauge or OtlpKind.Summary) && metric.Temporality is not (OtlpMetric.Delta or OtlpMetric.Cumulative)
            ? $"the temporality {metric.Temporality} is neither delta (1) nor cumulative (2)"
            : "";
    }

    private void Add(OtlpMetric metric, string name, OtlpPoint point)
    {
        var at = TimeOf(point);
        var labels = LabelsOf(metric, point);
        if (Prepare(metric, name, labels, (at, point)) is { Length: > 0 } refusal)
        {
            Reject(1, $"{metric.Name}: {refusal}");
            return;
        }

        Accepted++;
        if (metric.Kind is OtlpKind.Gauge or OtlpKind.Sum)
            Put(name, labels, at, point.NoRecordedValue ? StaleMarker.Value : point.Value);
        else
            AddDistribution(metric.Kind, name, labels, (at, point));
    }

    // Exponential buckets get bounds, delta points become totals; a text says what is wrong with the point.
    private string Prepare(OtlpMetric metric, string name, LabelSet labels, (long At, OtlpPoint Point) read)
    {
        var point = read.Point;
        if (metric.Kind == OtlpKind.ExponentialHistogram && !point.NoRecordedValue && ExponentialBuckets.Expand(point) is { Length: > 0 } fault)
            return fault;
        if (metric.Kind != OtlpKind.Summary && point.BucketCounts.Count != 0 && point.BucketCounts.Count != point.Bounds.Count + 1)
            return $"{point.BucketCounts.Count} buckets do not fit {point.Bounds.Count} bounds";
        if (metric.Temporality != OtlpMetric.Delta || metric.Kind is OtlpKind.Gauge or OtlpKind.Summary)
            return "";
        var series = labels.With(LabelSet.MetricNameLabel, name);
        if (!point.NoRecordedValue)
            return deltas.Accumulate(series, read.At, point);
        deltas.End(series);
        return "";
    }

    private void AddDistribution(OtlpKind kind, string name, LabelSet labels, (long At, OtlpPoint Point) read)
    {
        var (at, point) = read;
        ulong below = 0;
        for (var i = 0; i < point.Bounds.Count && point.BucketCounts.Count > 0; i++)
        {
            below += point.BucketCounts[i];
            Put(name + "_bucket", labels.With("le", Show(point.Bounds[i])), at, Value(point, below));
        }

        if (kind != OtlpKind.Summary)
            Put(name + "_bucket", labels.With("le", "+Inf"), at, Value(point, point.Count));
        foreach (var (quantile, value) in point.Quantiles)
            Put(name, labels.With("quantile", Show(quantile)), at, Value(point, value));
        if (point.Sum is { } sum)
            Put(name + "_sum", labels, at, Value(point, sum));
        Put(name + "_count", labels, at, Value(point, point.Count));
    }

    private static double Value(OtlpPoint point, double value) => point.NoRecordedValue ? StaleMarker.Value : value;

    private static string Show(double number) => double.IsPositiveInfinity(number)
        ? "+Inf"
        : number.ToString("R", CultureInfo.InvariantCulture);

    private void Put(string name, LabelSet labels, long at, double value) =>
        Samples.Add(new SeriesSample(labels.With(LabelSet.MetricNameLabel, name), new Sample(at, value)));

    private static LabelSet LabelsOf(OtlpMetric metric, OtlpPoint point)
    {
        var labels = new List<KeyValuePair<string, string>>();
        foreach (var (attribute, label) in Kept)
        {
            foreach (var (key, value) in metric.Resource)
            {
                if (key == attribute)
                    labels.Add(new(label, value));
            }
        }

        foreach (var (key, value) in point.Attributes)
        {
            if (PrometheusNames.Label(key) is { Length: > 0 } label)
                labels.Add(new(label, value));
        }

        return LabelSet.From(labels);
    }

    private long TimeOf(OtlpPoint point)
    {
        var limit = (now + options.MaxAhead).ToUnixTimeMilliseconds();
        var at = (long)(point.TimeUnixNano / 1_000_000);
        if (at == 0)
            return now.ToUnixTimeMilliseconds();
        if (at <= limit)
            return at;
        CollectorsMetrics.Clamped("otlp");
        return now.ToUnixTimeMilliseconds();
    }

    private void Reject(int points, string reason)
    {
        Rejected += points;
        if (_reasons.Count < ReasonsKept && !_reasons.Contains(reason))
            _reasons.Add(reason);
    }
}
