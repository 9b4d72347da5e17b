namespace Observability.Metrics;

/// <summary>
/// Parses PromQL with the grammar of Prometheus 3.x: durations as numbers and arithmetic on them, UTF-8 names in
/// quotes, <c>offset</c> and <c>@</c>, subqueries. Experimental functions are refused unless asked for.
/// </summary>
public static class PromQlParser
{
    /// <summary>Longest query accepted, in characters.</summary>
    public const int MaxQueryLength = 256 * 1024;

    /// <summary>Parses and type-checks a query of the stable language.</summary>
    public static ParseOutcome Parse(string query) => Parse(query, experimental: false);

    /// <summary>Parses and type-checks a query; <paramref name="experimental"/> allows the functions and aggregators that upstream keeps behind a flag.</summary>
    public static ParseOutcome Parse(string query, bool experimental)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Length > MaxQueryLength)
            return new ParseOutcome(null, $"1:1: parse error: query of {query.Length} characters is longer than {MaxQueryLength}");
        try
        {
            var expression = new ExpressionParser(query, new Lexer(query).Tokenize(), experimental).ParseQuery();
            TypeChecker.Check(expression);
            return new ParseOutcome(expression, null);
        }
        catch (PromQlSyntaxException fault)
        {
            return new ParseOutcome(null, $"{TextSpan.Describe(query, fault.Position)}: parse error: {fault.Message}");
        }
    }

    /// <summary>Parses a selector such as <c>up{job="node"}</c>, as the <c>match[]</c> parameters of the HTTP API hold.</summary>
    public static ParseOutcome ParseSelector(string query)
    {
        var outcome = Parse(query);
        if (!outcome.Succeeded || outcome.Expression is PromQlExpression.VectorSelector { Shift: var shift } && shift == TimeShift.None)
            return outcome;
        return new ParseOutcome(null, "1:1: parse error: expected a series selector without modifiers");
    }
}
