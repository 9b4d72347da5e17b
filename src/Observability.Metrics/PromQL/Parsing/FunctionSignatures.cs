using static Observability.Metrics.PromQlType;

namespace Observability.Metrics;

/// <summary>Every function the engine knows.</summary>
internal static class FunctionSignatures
{
    private static readonly Dictionary<string, FunctionSignature> s_byName = BuildStable();

    private static readonly Dictionary<string, FunctionSignature> s_experimental = BuildExperimental();

    public static IEnumerable<string> Names => s_byName.Keys.Concat(s_experimental.Keys);

    public static FunctionSignature? Find(string name) => s_byName.GetValueOrDefault(name) ?? s_experimental.GetValueOrDefault(name);

    public static bool IsExperimental(string name) => s_experimental.ContainsKey(name);

    // Upstream may still rename these or change what they give; a query uses them where the options allow it.
    private static Dictionary<string, FunctionSignature> BuildExperimental()
    {
        var all = new Dictionary<string, FunctionSignature>(StringComparer.Ordinal);
        foreach (var name in new[] { "mad_over_time", "ts_of_first_over_time", "ts_of_last_over_time", "ts_of_max_over_time", "ts_of_min_over_time" })
            Add(all, name, [RangeVector]);
        foreach (var name in new[] { "start", "end", "step", "range" })
            Add(all, name, [], returns: Scalar);
        Add(all, "double_exponential_smoothing", [RangeVector, Scalar, Scalar]);
        Add(all, "min_of", [Scalar, Scalar], returns: Scalar);
        Add(all, "max_of", [Scalar, Scalar], returns: Scalar);
        Add(all, "sort_by_label", [InstantVector, Text], optional: -1);
        Add(all, "sort_by_label_desc", [InstantVector, Text], optional: -1);
        Add(all, "histogram_quantiles", [InstantVector, Text, Scalar, Scalar], optional: -1);
        Add(all, "info", [InstantVector, InstantVector], optional: 1);
        return all;
    }

    private static Dictionary<string, FunctionSignature> BuildStable()
    {
        var all = new Dictionary<string, FunctionSignature>(StringComparer.Ordinal);
        foreach (var name in new[]
                 {
                     "rate", "increase", "delta", "irate", "idelta", "deriv", "changes", "resets", "absent_over_time",
                     "avg_over_time", "min_over_time", "max_over_time", "sum_over_time", "count_over_time",
                     "stddev_over_time", "stdvar_over_time", "last_over_time", "first_over_time", "present_over_time",
                 })
            Add(all, name, [RangeVector]);
        foreach (var name in new[]
                 {
                     "abs", "ceil", "floor", "exp", "ln", "log2", "log10", "sqrt", "sgn", "sort", "sort_desc", "timestamp", "absent",
                     "histogram_count", "histogram_sum", "histogram_avg", "histogram_stddev", "histogram_stdvar", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "deg", "rad",
                 })
            Add(all, name, [InstantVector]);
        foreach (var name in new[] { "minute", "hour", "day_of_week", "day_of_month", "day_of_year", "days_in_month", "month", "year" })
            Add(all, name, [InstantVector], optional: 1);
        Add(all, "quantile_over_time", [Scalar, RangeVector]);
        Add(all, "predict_linear", [RangeVector, Scalar]);
        Add(all, "round", [InstantVector, Scalar], optional: 1);
        Add(all, "clamp", [InstantVector, Scalar, Scalar]);
        Add(all, "clamp_min", [InstantVector, Scalar]);
        Add(all, "clamp_max", [InstantVector, Scalar]);
        Add(all, "histogram_quantile", [Scalar, InstantVector]);
        Add(all, "histogram_fraction", [Scalar, Scalar, InstantVector]);
        Add(all, "label_replace", [InstantVector, Text, Text, Text, Text]);
        Add(all, "label_join", [InstantVector, Text, Text, Text], optional: -1);
        Add(all, "scalar", [InstantVector], returns: Scalar);
        Add(all, "vector", [Scalar]);
        Add(all, "time", [], returns: Scalar);
        Add(all, "pi", [], returns: Scalar);
        return all;
    }

    private static void Add(
        Dictionary<string, FunctionSignature> all, string name, PromQlType[] arguments, int optional = 0, PromQlType returns = InstantVector) =>
        all.Add(name, new FunctionSignature(name, arguments, optional, returns));
}
