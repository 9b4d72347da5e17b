namespace Observability.Metrics;

/// <summary>What a PromQL expression reads.</summary>
public static class ExpressionSelectors
{
    /// <summary>Every selector of an expression, from left to right.</summary>
    public static IEnumerable<PromQlExpression.VectorSelector> Of(PromQlExpression expression) => expression switch
    {
        PromQlExpression.VectorSelector selector => [selector],
        PromQlExpression.RangeSelector range => Of(range.Selector),
        PromQlExpression.Subquery subquery => Of(subquery.Inner),
        PromQlExpression.Call call => call.Arguments.SelectMany(Of),
        PromQlExpression.Aggregation aggregation => Of(aggregation.Inner).Concat(aggregation.Parameter is { } parameter ? Of(parameter) : []),
        PromQlExpression.Binary binary => Of(binary.Left).Concat(Of(binary.Right)),
        PromQlExpression.Unary unary => Of(unary.Inner),
        PromQlExpression.Parenthesis parenthesis => Of(parenthesis.Inner),
        _ => [],
    };
}
