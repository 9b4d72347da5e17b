namespace Observability.Metrics;

internal static class Arithmetic
{
    public static double Compute(BinaryOperator found, double left, double right) => found switch
    {
        BinaryOperator.Add => left + right,
        BinaryOperator.Subtract => left - right,
        BinaryOperator.Multiply => left * right,
        BinaryOperator.Divide => left / right,
        BinaryOperator.Modulo => left % right,
        BinaryOperator.Atan2 => Math.Atan2(left, right),
        BinaryOperator.Power => Math.Pow(left, right),
        _ => throw new EvaluationException($"operator {found.Symbol()} computes no number"),
    };

    public static bool Compare(BinaryOperator found, double left, double right) => found switch
    {
        BinaryOperator.Equal => left == right,
        BinaryOperator.NotEqual => left != right,
        BinaryOperator.Less => left < right,
        BinaryOperator.LessOrEqual => left <= right,
        BinaryOperator.Greater => left > right,
        _ => left >= right,
    };
}
