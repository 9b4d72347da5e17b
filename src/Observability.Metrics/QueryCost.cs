namespace Observability.Metrics;

/// <summary>What a query of the embedded engine took.</summary>
/// <param name="Samples">Samples touched: what counts against <see cref="QueryOptions.MaxSamples"/>.</param>
/// <param name="Preparation">Time to parse and check it; almost nothing where the same text was asked before.</param>
/// <param name="Evaluation">Time to evaluate it, sorting included.</param>
/// <param name="Sorting">Time to bring the result in order.</param>
public sealed record QueryCost(long Samples, TimeSpan Preparation, TimeSpan Evaluation, TimeSpan Sorting);
