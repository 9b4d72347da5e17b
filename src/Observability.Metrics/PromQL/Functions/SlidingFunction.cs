namespace Observability.Metrics;

/// <summary>Computes all windows of one series in one pass; the same values as the <see cref="RangeFunction"/> of the name.</summary>
internal delegate void SlidingFunction(in WindowPass pass, Span<double> result);
