using static Observability.Metrics.PromQlExpression;

namespace Observability.Metrics.Tests;

/// <summary>The same instant query with <c>@</c> on every selector and subquery, at times that then do not matter.</summary>
internal static class StepInvariance
{
    private static readonly HashSet<string> s_timeDependent =
    [
        "time", "timestamp", "predict_linear", "start", "end", "step", "range",
        "minute", "hour", "day_of_week", "day_of_month", "day_of_year", "days_in_month", "month", "year",
    ];

    public static IEnumerable<(string Query, DateTimeOffset At)> Variants(string query, DateTimeOffset at)
    {
        var parsed = PromQlParser.Parse(query, experimental: true).Expression;
        if (parsed is null || Calls(parsed).Any(s_timeDependent.Contains))
            yield break;
        var milliseconds = at.ToUnixTimeMilliseconds();
        var anchored = Anchor(parsed, milliseconds).ToString();
        long[] times = milliseconds == 0 ? [-1000, 0, 1000] : [-10 * milliseconds, 0, milliseconds / 5, milliseconds, 10 * milliseconds];
        foreach (var time in times)
            yield return (anchored, DateTimeOffset.FromUnixTimeMilliseconds(time));
    }

    /// <summary>True where the answer of a range query differs from the instant one's on purpose.</summary>
    public static bool DependsOnTheRange(string query)
    {
        var parsed = PromQlParser.Parse(query, experimental: true).Expression;
        return parsed is null || Calls(parsed).Any(name => name is "start" or "end" or "step" or "range")
            || query.Contains("start()", StringComparison.Ordinal) || query.Contains("end()", StringComparison.Ordinal);
    }

    // A selector inside a subquery with @ stays as it is: its time is the subquery's.
    private static PromQlExpression Anchor(PromQlExpression expression, long at) => expression switch
    {
        VectorSelector v => v with { Shift = Anchor(v.Shift, at) },
        RangeSelector r => r with { Selector = r.Selector with { Shift = Anchor(r.Selector.Shift, at) } },
        Subquery s => s with { Shift = Anchor(s.Shift, at) },
        Parenthesis p => p with { Inner = Anchor(p.Inner, at) },
        Unary u => u with { Inner = Anchor(u.Inner, at) },
        Binary b => b with { Left = Anchor(b.Left, at), Right = Anchor(b.Right, at) },
        Call { Function: "info" } c => c with { Arguments = [Anchor(c.Arguments[0], at), .. c.Arguments.Skip(1)] },
        Call c => c with { Arguments = [.. c.Arguments.Select(argument => Anchor(argument, at))] },
        Aggregation a => a with { Inner = Anchor(a.Inner, at), Parameter = a.Parameter is null ? null : Anchor(a.Parameter, at) },
        _ => expression,
    };

    // start() and end() of an instant query are its time, so they are fixed too.
    private static TimeShift Anchor(TimeShift shift, long at) =>
        shift.AtUnixMilliseconds is null ? shift with { AtUnixMilliseconds = at, Anchor = AtAnchor.None } : shift;

    /// <summary>The functions that a query calls.</summary>
    public static IEnumerable<string> Calls(PromQlExpression expression) => expression switch
    {
        Call c => c.Arguments.SelectMany(Calls).Prepend(c.Function),
        Subquery s => Calls(s.Inner),
        Parenthesis p => Calls(p.Inner),
        Unary u => Calls(u.Inner),
        Binary b => Calls(b.Left).Concat(Calls(b.Right)),
        Aggregation a => Calls(a.Inner).Concat(a.Parameter is null ? [] : Calls(a.Parameter)),
        _ => [],
    };
}
