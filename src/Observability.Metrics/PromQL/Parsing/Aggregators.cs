namespace Observability.Metrics;

/// <summary>The aggregation operators and what their parameter is.</summary>
internal static class Aggregators
{
    private static readonly Dictionary<string, PromQlType?> s_parameters = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sum"] = null,
        ["avg"] = null,
        ["count"] = null,
        ["min"] = null,
        ["max"] = null,
        ["group"] = null,
        ["stddev"] = null,
        ["stdvar"] = null,
        ["topk"] = PromQlType.Scalar,
        ["bottomk"] = PromQlType.Scalar,
        ["quantile"] = PromQlType.Scalar,
        ["count_values"] = PromQlType.Text,
        ["limitk"] = PromQlType.Scalar,
        ["limit_ratio"] = PromQlType.Scalar,
    };

    public static IEnumerable<string> Names => s_parameters.Keys;

    public static bool Has(string name) => s_parameters.ContainsKey(name);

    public static bool IsExperimental(string name) => name.ToLowerInvariant() is "limitk" or "limit_ratio";

    /// <summary>Type of the parameter; null where there is none.</summary>
    public static PromQlType? ParameterOf(string name) => s_parameters[name];
}
