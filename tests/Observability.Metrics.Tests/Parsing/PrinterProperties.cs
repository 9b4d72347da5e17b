using System.Globalization;
using FsCheck.Xunit;
using static Observability.Metrics.PromQlExpression;

namespace Observability.Metrics.Tests;

public sealed class PrinterProperties
{
    private static readonly string[] s_operators = ["+", "-", "*", "/", "%", "^", "atan2", "and", "or", "unless", "==", "<", ">= bool"];

    /// <summary>A random query printed and parsed again has the same structure.</summary>
    [Property(MaxTest = 500)]
    public bool PrintedQuery_ParsedAgain_HasTheSameStructure(int seed)
    {
        var query = Vector(new Random(seed), 4);
        var parsed = PromQlParser.Parse(query).Expression;
        if (parsed is null)
            return false;
        var again = PromQlParser.Parse(parsed.ToString()).Expression;
        return again is not null && Structure(again) == Structure(parsed) && again.ToString() == parsed.ToString();
    }

    /// <summary>The form over several lines says the same, and is one line where that is short enough.</summary>
    [Property(MaxTest = 300)]
    public bool QueryInLines_ParsedAgain_IsTheSame(int seed)
    {
        var parsed = PromQlParser.Parse(Vector(new Random(seed), 6)).Expression;
        if (parsed is null)
            return false;
        var lines = parsed.ToLines();
        return PromQlParser.Parse(lines).Expression is { } again && Structure(again) == Structure(parsed)
            && (parsed.ToString().Length > 100 || lines == parsed.ToString());
    }

    private static string Vector(Random random, int depth) => random.Next(depth > 0 ? 8 : 2) switch
    {
        0 => Selector(random) + Shift(random),
        1 => $"({Selector(random)})",
        2 => $"{Vector(random, depth - 1)} {s_operators[random.Next(s_operators.Length)]} {Vector(random, depth - 1)}",
        3 => $"sum {(random.Next(2) == 0 ? "by" : "without")} (a, \"b.c\") ({Vector(random, depth - 1)})",
        4 => $"rate({Selector(random)}[{random.Next(1, 10_000)}s]{Shift(random)})",
        5 => $"-{Vector(random, depth - 1)}",
        6 => $"max_over_time(({Vector(random, depth - 1)})[1h:{random.Next(1, 90)}s]{Shift(random)})",
        _ => $"topk({random.Next(9)}.5, {Vector(random, depth - 1)} * on (x) group_left (y) {Selector(random)})",
    };

    private static string Selector(Random random) => random.Next(4) switch
    {
        0 => "up",
        1 => "{\"utf8 ö \\\"name\\\"\", a!=\"\\n\"}",
        2 => $"node:x{{a=~\"b|{random.Next(9)}\", c!~`d\\\\.e`}}",
        _ => "by{}",
    };

    private static string Shift(Random random) => random.Next(4) switch
    {
        0 => " offset -5m30s",
        1 => string.Create(CultureInfo.InvariantCulture, $" @ {random.Next(100_000) / 100.0} offset 1d"),
        2 => " @ start()",
        _ => "",
    };

    private static string Structure(PromQlExpression expression) => expression switch
    {
        Binary b => $"({b.Operator} {b.ReturnsBool} {b.Matching?.Cardinality} {b.Matching?.On} [{string.Join(',', b.Matching?.Labels ?? [])}] {Structure(b.Left)} {Structure(b.Right)})",
        Unary u => $"(unary {u.Negates} {Structure(u.Inner)})",
        Parenthesis p => $"(paren {Structure(p.Inner)})",
        Call c => $"({c.Function} {string.Join(' ', c.Arguments.Select(Structure))})",
        Aggregation a => $"({a.Operator} {a.Grouping.Without} [{string.Join(',', a.Grouping.Labels)}] {(a.Parameter is null ? "" : Structure(a.Parameter))} {Structure(a.Inner)})",
        Subquery s => $"(subquery {s.Length} {s.Step} {s.Shift} {Structure(s.Inner)})",
        RangeSelector r => $"(range {r.Length} {Structure(r.Selector)})",
        VectorSelector v => $"(select {v.Name} [{string.Join(',', v.Matchers)}] {v.Shift})",
        Number n => $"(number {n.Value.ToString("R", CultureInfo.InvariantCulture)})",
        _ => expression.ToString(),
    };
}
