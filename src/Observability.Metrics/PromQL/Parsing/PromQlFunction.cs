using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Observability.Metrics;

/// <summary>Signature of a PromQL function.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Returns">Type of its value.</param>
/// <param name="Arguments">Types of its arguments.</param>
/// <param name="Optional">How many of the last arguments may be left out; -1 where the last may repeat.</param>
public sealed record PromQlFunction(string Name, PromQlType Returns, ImmutableArray<PromQlType> Arguments, int Optional = 0)
{
    private const PromQlType S = PromQlType.Scalar;
    private const PromQlType T = PromQlType.Text;
    private const PromQlType V = PromQlType.Vector;
    private const PromQlType M = PromQlType.Matrix;

    private static readonly FrozenDictionary<string, PromQlFunction> Known = All().ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    /// <summary>Looks a function up; null where there is none of this name.</summary>
    public static PromQlFunction? Find(string name) => Known.GetValueOrDefault(name);

    private static IEnumerable<PromQlFunction> All()
    {
        foreach (var name in (string[])[
            "rate", "irate", "increase", "delta", "idelta", "deriv", "changes", "resets", "avg_over_time", "min_over_time",
            "max_over_time", "sum_over_time", "count_over_time", "last_over_time", "first_over_time", "present_over_time", "stddev_over_time",
            "stdvar_over_time", "absent_over_time", "mad_over_time", "ts_of_max_over_time", "ts_of_min_over_time", "ts_of_last_over_time"])
        {
            yield return new PromQlFunction(name, V, [M]);
        }

        foreach (var name in (string[])[
            "abs", "ceil", "floor", "exp", "ln", "log2", "log10", "sqrt", "sgn", "sort", "sort_desc", "timestamp", "absent",
            "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "deg", "rad"])
        {
            yield return new PromQlFunction(name, V, [V]);
        }

        foreach (var name in (string[])["minute", "hour", "day_of_month", "day_of_week", "day_of_year", "days_in_month", "month", "year"])
            yield return new PromQlFunction(name, V, [V], 1);
        yield return new PromQlFunction("round", V, [V, S], 1);
        yield return new PromQlFunction("clamp", V, [V, S, S]);
        yield return new PromQlFunction("clamp_min", V, [V, S]);
        yield return new PromQlFunction("clamp_max", V, [V, S]);
        yield return new PromQlFunction("quantile_over_time", V, [S, M]);
        yield return new PromQlFunction("predict_linear", V, [M, S]);
        yield return new PromQlFunction("double_exponential_smoothing", V, [M, S, S]);
        yield return new PromQlFunction("histogram_quantile", V, [S, V]);
        yield return new PromQlFunction("label_replace", V, [V, T, T, T, T]);
        yield return new PromQlFunction("label_join", V, [V, T, T, T], -1);
        yield return new PromQlFunction("vector", V, [S]);
        yield return new PromQlFunction("scalar", S, [V]);
        yield return new PromQlFunction("time", S, []);
        yield return new PromQlFunction("pi", S, []);
    }
}
