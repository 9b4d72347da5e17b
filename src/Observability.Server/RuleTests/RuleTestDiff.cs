using Observability.Model;

namespace Observability.Server;

/// <summary>
/// What was expected and did not come (-), and what came and was not expected (+); a line each, sorted, without what agrees:
/// <code>
///     - {node="node-001", severity="critical"} summary="GPU 3 is lost"
///     + {node="node-001", severity="warning"} summary="GPU 3 is lost"
/// </code>
/// </summary>
internal static class RuleTestDiff
{
    /// <summary>The differing lines, each behind a line break; empty where both are the same.</summary>
    public static string Of(IEnumerable<string> expected, IEnumerable<string> got)
    {
        var missing = expected.ToList();
        var extra = new List<string>();
        foreach (var line in got)
        {
            if (!missing.Remove(line))
                extra.Add(line);
        }

        return string.Concat(missing.Order(StringComparer.Ordinal).Select(line => $"\n    - {line}")
            .Concat(extra.Order(StringComparer.Ordinal).Select(line => $"\n    + {line}")));
    }

    /// <summary>An alert on one line.</summary>
    public static string Show(LabelSet labels, LabelSet annotations) =>
        string.Join(' ', annotations.Select(pair => $"{pair.Key}=\"{pair.Value}\"").Prepend(labels.ToString()));

    /// <summary>A time of a test, as the file writes it.</summary>
    public static string Show(TimeSpan at) => OptionValue.Show(at);
}
