namespace Observability.Metrics;

/// <summary>What a PromQL expression reads.</summary>
public static class ExpressionSelectors
{
    /// <summary>Every selector of an expression, from left to right.</summary>
    public static IEnumerable<PromQlExpression.VectorSelector> Of(PromQlExpression expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return expression is PromQlExpression.VectorSelector selector ? [selector] : expression.Children.SelectMany(Of);
    }
}
