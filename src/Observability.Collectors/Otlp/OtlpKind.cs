namespace Observability.Collectors;

/// <summary>The kinds of metric data in OTLP.</summary>
internal enum OtlpKind
{
    Unknown,
    Gauge,
    Sum,
    Histogram,
    ExponentialHistogram,
    Summary,
}
