namespace Observability.Metrics;

/// <summary>A parsed expression, or what is wrong with the text.</summary>
/// <param name="Expression">The expression; null on failure.</param>
/// <param name="Error"><c>1:7: parse error: …</c>; null on success.</param>
public sealed record ParseOutcome(Expression? Expression, string? Error);
