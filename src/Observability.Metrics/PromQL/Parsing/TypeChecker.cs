using static Observability.Metrics.PromQlExpression;

namespace Observability.Metrics;

/// <summary>Checks operand and argument types, in the words of Prometheus.</summary>
internal static class TypeChecker
{
    public static void Check(PromQlExpression expression)
    {
        switch (expression)
        {
            case Parenthesis parenthesis:
                Check(parenthesis.Inner);
                break;
            case Unary unary:
                Check(unary.Inner);
                break;
            case Subquery subquery:
                Check(subquery.Inner);
                if (subquery.Inner.Type != PromQlType.InstantVector)
                    throw Fault(subquery.Inner, $"subquery is only allowed on instant vector, got {ShortName(subquery.Inner.Type)} instead");
                break;
            case Binary binary:
                CheckBinary(binary);
                break;
            case Aggregation aggregation:
                CheckAggregation(aggregation);
                break;
            case Call call:
                CheckCall(call);
                break;
        }
    }

    public static string Describe(PromQlType type) => type switch
    {
        PromQlType.Scalar => "scalar",
        PromQlType.Text => "string",
        PromQlType.InstantVector => "instant vector",
        _ => "range vector",
    };

    private static string ShortName(PromQlType type) => type == PromQlType.RangeVector ? "matrix" : Describe(type);

    private static void CheckBinary(Binary binary)
    {
        Check(binary.Left);
        Check(binary.Right);
        foreach (var side in new[] { binary.Left, binary.Right })
        {
            if (side.Type is not (PromQlType.Scalar or PromQlType.InstantVector))
                throw Fault(side, "binary expression must contain only scalar and instant vector types");
        }

        var symbol = binary.Operator.Symbol();
        var scalars = binary.Left.Type == PromQlType.Scalar && binary.Right.Type == PromQlType.Scalar;
        if (binary.ReturnsBool && !binary.Operator.IsComparison())
            throw Fault(binary, "bool modifier can only be used on comparison operators");
        if (binary.Operator.IsComparison() && !binary.ReturnsBool && scalars)
            throw Fault(binary, "comparisons between scalars must use BOOL modifier");
        if (binary.Operator.IsSet() && (binary.Left.Type == PromQlType.Scalar || binary.Right.Type == PromQlType.Scalar))
            throw Fault(binary, $"set operator \"{symbol}\" not allowed in binary scalar expression");
    }

    private static void CheckAggregation(Aggregation aggregation)
    {
        Check(aggregation.Inner);
        Expect(aggregation.Inner, PromQlType.InstantVector, "aggregation expression");
        if (aggregation.Parameter is null || Aggregators.ParameterOf(aggregation.Operator) is not { } type)
            return;
        Check(aggregation.Parameter);
        Expect(aggregation.Parameter, type, "aggregation parameter");
    }

    private static void CheckCall(Call call)
    {
        var signature = FunctionSignatures.Find(call.Function)!;
        if (call.Arguments.Count < signature.Least)
        {
            var least = signature.Optional == 0 ? "" : "at least ";
            throw Fault(call, $"expected {least}{signature.Least} argument(s) in call to \"{call.Function}\", got {call.Arguments.Count}");
        }

        if (!signature.HasNoUpperBound && call.Arguments.Count > signature.Arguments.Length)
        {
            var most = signature.Optional == 0 ? "" : "at most ";
            throw Fault(call, $"expected {most}{signature.Arguments.Length} argument(s) in call to \"{call.Function}\", got {call.Arguments.Count}");
        }

        for (var i = 0; i < call.Arguments.Count; i++)
        {
            Check(call.Arguments[i]);
            Expect(call.Arguments[i], signature.Arguments[Math.Min(i, signature.Arguments.Length - 1)], $"call to function \"{call.Function}\"");
        }

        if (call.Function == "info" && call.Arguments.Count == 2 && call.Arguments[1] is not VectorSelector { Name: "", Shift.IsFixed: false })
            throw Fault(call.Arguments[1], "expected label selectors such as {data=~\".+\"} as the second argument of info()");
    }

    private static void Expect(PromQlExpression expression, PromQlType type, string context)
    {
        if (expression.Type != type)
            throw Fault(expression, $"expected type {Describe(type)} in {context}, got {Describe(expression.Type)}");
    }

    private static PromQlSyntaxException Fault(PromQlExpression at, string message) => new(at.Span.Start, message);
}
