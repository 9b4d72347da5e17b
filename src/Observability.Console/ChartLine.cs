using Observability.Model;

namespace Observability.Console;

/// <summary>One line of a chart.</summary>
public sealed record ChartLine(LabelSet Labels, IReadOnlyList<Sample> Samples);
