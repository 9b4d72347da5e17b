namespace Observability.Model;

/// <summary>A sample with the labels of its series, metric name included.</summary>
public readonly record struct SeriesSample(LabelSet Labels, Sample Sample);
