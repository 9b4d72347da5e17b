using System.Text.RegularExpressions;

namespace Observability.Content;

/// <summary>What Prometheus takes as a name.</summary>
internal static partial class RuleNames
{
    public static bool IsMetric(string text) => Metric().IsMatch(text);

    public static bool IsLabel(string text) => Label().IsMatch(text);

    [GeneratedRegex("^[a-zA-Z_:][a-zA-Z0-9_:]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Metric();

    [GeneratedRegex("^[a-zA-Z_][a-zA-Z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Label();
}
