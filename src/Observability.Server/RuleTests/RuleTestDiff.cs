using Observability.Content;

namespace Observability.Server;

/// <summary>
/// What was expected and did not come (-), and what came and was not expected (+); a line each, sorted, without what agrees:
/// <code>
///     - {node="node-001", severity="critical"} summary="GPU 3 is lost"
///     + {node="node-001", severity="warning"} summary="GPU 3 is lost"
/// </code>
/// Of an alert whose labels are right only the annotations that differ are shown, and of a long text only the lines that do:
/// <code>
///     ! {node="node-001", severity="critical"} description, line 2
///         - lost since 3 m
///         + lost since 4 m
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

    /// <summary>The differing alerts; empty where both are the same.</summary>
    public static string Of(IEnumerable<ExpectedAlert> expected, IEnumerable<ExpectedAlert> got)
    {
        var missing = expected.ToList();
        var extra = got.Where(alert => !missing.Remove(alert)).ToList();
        var changed = new List<string>();
        foreach (var alert in extra.ToArray())
        {
            var at = missing.FindIndex(other => other.Labels.Equals(alert.Labels));
            if (at < 0)
                continue;
            changed.AddRange(Annotations(missing[at], alert));
            missing.RemoveAt(at);
            extra.Remove(alert);
        }

        return Of(missing.Select(Show), extra.Select(Show)) + string.Concat(changed.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Annotations(ExpectedAlert expected, ExpectedAlert got)
    {
        foreach (var name in expected.Annotations.Concat(got.Annotations).Select(pair => pair.Key).Distinct(StringComparer.Ordinal))
        {
            var (wanted, came) = (expected.Annotations.Has(name) ? expected.Annotations[name].Split('\n') : [], got.Annotations.Has(name) ? got.Annotations[name].Split('\n') : []);
            for (var line = 0; line < Math.Max(wanted.Length, came.Length); line++)
            {
                var (left, right) = (wanted.ElementAtOrDefault(line), came.ElementAtOrDefault(line));
                if (left == right)
                    continue;
                var place = Math.Max(wanted.Length, came.Length) > 1 ? $"{name}, line {line + 1}" : name;
                yield return $"\n    ! {got.Labels} {place}{Side('-', left)}{Side('+', right)}";
            }
        }
    }

    private static string Side(char sign, string? text) => text is null ? "" : $"\n        {sign} {text}";

    private static string Show(ExpectedAlert alert) =>
        string.Join(' ', alert.Annotations.Select(pair => $"{pair.Key}=\"{pair.Value.Replace("\n", "\\n", StringComparison.Ordinal)}\"").Prepend(alert.Labels.ToString()));

    /// <summary>A time of a test, as the file writes it.</summary>
    public static string Show(TimeSpan at) => OptionValue.Show(at);
}
