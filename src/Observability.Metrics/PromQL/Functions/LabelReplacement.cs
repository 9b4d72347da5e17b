using System.Text;
using System.Text.RegularExpressions;

namespace Observability.Metrics;

/// <summary>The pattern and replacement of <c>label_replace</c>: <c>$1</c>, <c>$name</c>, <c>${name}</c>, <c>$$</c>, as Go expands them.</summary>
internal static class LabelReplacement
{
    public static Regex Compile(string pattern)
    {
        try
        {
            return LabelPattern.Compile(pattern);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw new EvaluationException($"invalid regular expression in label_replace(): {pattern}");
        }
    }

    public static string Expand(string template, Match match)
    {
        var text = new StringBuilder();
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] != '$' || i + 1 == template.Length)
                text.Append(template[i]);
            else if (template[i + 1] == '$')
                text.Append(template[i++]);
            else
                i = ExpandName(template, i + 1, match, text) - 1;
        }

        return text.ToString();
    }

    // Returns the position after the reference; a malformed one is kept as it stands.
    private static int ExpandName(string template, int start, Match match, StringBuilder text)
    {
        var braced = template[start] == '{';
        var from = braced ? start + 1 : start;
        var end = from;
        while (end < template.Length && (char.IsAsciiLetterOrDigit(template[end]) || template[end] == '_'))
            end++;
        var malformed = end == from || (braced && (end == template.Length || template[end] != '}'));
        if (malformed)
        {
            text.Append('$');
            return start;
        }

        text.Append(match.Groups[template[from..end]].Value);
        return braced ? end + 1 : end;
    }
}
