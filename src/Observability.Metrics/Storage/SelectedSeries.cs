using Observability.Model;

namespace Observability.Metrics;

/// <summary>A series with samples, times in Unix milliseconds, oldest first.</summary>
internal sealed record SelectedSeries(LabelSet Labels, List<long> Times, List<double> Values);
