namespace Observability.Metrics;

/// <summary>What came of parsing a query: an expression, or the reason there is none.</summary>
/// <param name="Expression">The type-checked expression; null on failure.</param>
/// <param name="Error"><c>1:7: parse error: …</c>; null on success.</param>
public sealed record ParseOutcome(PromQlExpression? Expression, string? Error)
{
    /// <summary>True where there is an expression.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Expression))]
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Expression is not null;
}
