using Observability.Model;

namespace Observability.Collectors;

/// <summary>Types of metrics as remote write numbers them: alike in 1.0 and 2.0.</summary>
internal static class MetricTypes
{
    private static readonly string[] Names = [MetricMetadata.UnknownType, "counter", "gauge", "histogram", "gaugehistogram", "summary", "info", "stateset"];

    public static string Of(ulong number) => number < (ulong)Names.Length ? Names[number] : MetricMetadata.UnknownType;

    public static ulong NumberOf(string type) => (ulong)Math.Max(0, Array.IndexOf(Names, type));
}
