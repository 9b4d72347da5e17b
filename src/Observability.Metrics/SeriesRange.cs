using Observability.Model;

namespace Observability.Metrics;

/// <summary>A series with its samples, oldest first.</summary>
public sealed record SeriesRange(LabelSet Labels, IReadOnlyList<Sample> Samples);
