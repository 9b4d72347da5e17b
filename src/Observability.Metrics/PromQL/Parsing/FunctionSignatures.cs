using static Observability.Metrics.PromQlType;

namespace Observability.Metrics;

/// <summary>Every function the engine knows.</summary>
internal static class FunctionSignatures
{
    private static readonly Dictionary<string, FunctionSignature> s_byName = Build();

    private static readonly HashSet<string> s_experimental =
    [
        "end", "start", "step", "range", "info", "histogram_quantiles", "double_exponential_smoothing", "mad_over_time",
        "max_of", "min_of", "ts_of_first_over_time", "ts_of_last_over_time", "ts_of_max_over_time", "ts_of_min_over_time",
        "sort_by_label", "sort_by_label_desc", "start_timestamp",
    ];

    public static FunctionSignature? Find(string name) => s_byName.GetValueOrDefault(name);

    public static bool IsExperimental(string name) => s_experimental.Contains(name);

    private static Dictionary<string, FunctionSignature> Build()
    {
        var all = new Dictionary<string, FunctionSignature>(StringComparer.Ordinal);
        foreach (var name in new[]
                 {
                     "rate", "increase", "delta", "irate", "idelta", "deriv", "changes", "resets", "absent_over_time",
                     "avg_over_time", "min_over_time", "max_over_time", "sum_over_time", "count_over_time",
                     "stddev_over_time", "stdvar_over_time", "last_over_time", "first_over_time", "present_over_time",
                 })
            Add(name, [RangeVector]);
        foreach (var name in new[]
                 {
                     "abs", "ceil", "floor", "exp", "ln", "log2", "log10", "sqrt", "sgn", "sort", "sort_desc", "timestamp", "absent",
                     "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "deg", "rad",
                 })
            Add(name, [InstantVector]);
        foreach (var name in new[] { "minute", "hour", "day_of_week", "day_of_month", "day_of_year", "days_in_month", "month", "year" })
            Add(name, [InstantVector], optional: 1);
        Add("quantile_over_time", [Scalar, RangeVector]);
        Add("predict_linear", [RangeVector, Scalar]);
        Add("round", [InstantVector, Scalar], optional: 1);
        Add("clamp", [InstantVector, Scalar, Scalar]);
        Add("clamp_min", [InstantVector, Scalar]);
        Add("clamp_max", [InstantVector, Scalar]);
        Add("histogram_quantile", [Scalar, InstantVector]);
        Add("histogram_fraction", [Scalar, Scalar, InstantVector]);
        Add("label_replace", [InstantVector, Text, Text, Text, Text]);
        Add("label_join", [InstantVector, Text, Text, Text], optional: -1);
        Add("scalar", [InstantVector], returns: Scalar);
        Add("vector", [Scalar]);
        Add("time", [], returns: Scalar);
        Add("pi", [], returns: Scalar);
        return all;

        void Add(string name, PromQlType[] arguments, int optional = 0, PromQlType returns = InstantVector) =>
            all.Add(name, new FunctionSignature(name, arguments, optional, returns));
    }
}
