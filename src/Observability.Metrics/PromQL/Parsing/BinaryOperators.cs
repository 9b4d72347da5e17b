namespace Observability.Metrics;

internal static class BinaryOperators
{
    /// <summary>Binding strength of <c>^</c>, the strongest.</summary>
    public const int PowerPrecedence = 6;

    private static readonly Dictionary<string, BinaryOperator> s_bySymbol = new(StringComparer.OrdinalIgnoreCase)
    {
        ["or"] = BinaryOperator.Or,
        ["and"] = BinaryOperator.And,
        ["unless"] = BinaryOperator.Unless,
        ["=="] = BinaryOperator.Equal,
        ["!="] = BinaryOperator.NotEqual,
        ["<"] = BinaryOperator.Less,
        ["<="] = BinaryOperator.LessOrEqual,
        [">"] = BinaryOperator.Greater,
        [">="] = BinaryOperator.GreaterOrEqual,
        ["+"] = BinaryOperator.Add,
        ["-"] = BinaryOperator.Subtract,
        ["*"] = BinaryOperator.Multiply,
        ["/"] = BinaryOperator.Divide,
        ["%"] = BinaryOperator.Modulo,
        ["atan2"] = BinaryOperator.Atan2,
        ["^"] = BinaryOperator.Power,
    };

    public static bool TryFind(string symbol, out BinaryOperator found) => s_bySymbol.TryGetValue(symbol, out found);

    public static string Symbol(this BinaryOperator value) => value switch
    {
        BinaryOperator.Or => "or",
        BinaryOperator.And => "and",
        BinaryOperator.Unless => "unless",
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Modulo => "%",
        BinaryOperator.Atan2 => "atan2",
        _ => "^",
    };

    public static int Precedence(this BinaryOperator value) => value switch
    {
        BinaryOperator.Or => 1,
        BinaryOperator.And or BinaryOperator.Unless => 2,
        >= BinaryOperator.Equal and <= BinaryOperator.GreaterOrEqual => 3,
        BinaryOperator.Add or BinaryOperator.Subtract => 4,
        BinaryOperator.Power => PowerPrecedence,
        _ => 5,
    };

    public static bool IsSet(this BinaryOperator value) => value <= BinaryOperator.Unless;

    public static bool IsComparison(this BinaryOperator value) =>
        value is >= BinaryOperator.Equal and <= BinaryOperator.GreaterOrEqual;
}
