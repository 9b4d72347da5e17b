using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Content;

/// <summary>A series of a test.</summary>
/// <param name="Labels">Its labels, metric name included.</param>
/// <param name="Values">One per interval from the start; null for no sample, <see cref="StaleMarker"/> for the end of the series.</param>
/// <param name="Source">Where it is written.</param>
public sealed record InputSeries(LabelSet Labels, ImmutableArray<double?> Values, SourceLine Source);
