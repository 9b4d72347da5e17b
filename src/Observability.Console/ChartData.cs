namespace Observability.Console;

/// <summary>Lines of a chart.</summary>
/// <param name="Series">Each line with its labels, oldest sample first.</param>
/// <param name="Error">Why there are none; null on success.</param>
public sealed record ChartData(IReadOnlyList<ChartLine> Series, string? Error);
