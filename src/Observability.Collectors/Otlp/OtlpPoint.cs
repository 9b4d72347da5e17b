namespace Observability.Collectors;

/// <summary>A data point of any OTLP encoding, before it becomes a Prometheus sample.</summary>
/// <param name="Name">Metric name as sent.</param>
/// <param name="Unit">Unit as sent (UCUM).</param>
/// <param name="IsCounter">True for a monotonic cumulative sum.</param>
/// <param name="Labels">Attributes of resource and point, names as sent.</param>
/// <param name="UnixMilliseconds">Its time; 0 where none was given.</param>
/// <param name="Value">Its value.</param>
internal readonly record struct OtlpPoint(
    string Name, string Unit, bool IsCounter, IReadOnlyList<KeyValuePair<string, string>> Labels, long UnixMilliseconds, double Value);
