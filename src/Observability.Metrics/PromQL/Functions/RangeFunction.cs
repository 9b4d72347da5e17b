namespace Observability.Metrics;

/// <summary>Reduces a window to a value, or to <see cref="VectorSeries.Absent"/>.</summary>
internal delegate double RangeFunction(RangeWindow window);
