using System.Globalization;
using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Metrics.Tests;

/// <summary>Reads <c>metric{a="b"} 5 2+3x2 _ stale</c>; a null value is a gap.</summary>
internal sealed partial record ScriptSeries(LabelSet Labels, IReadOnlyList<double?> Values)
{
    public static ScriptSeries Parse(string line)
    {
        line = line.Trim();
        var end = EndOfSelector(line);
        return new ScriptSeries(ParseLabels(line[..end].Trim()), ParseValues(line[end..]));
    }

    public static IReadOnlyList<double?> ParseValues(string text)
    {
        var values = new List<double?>();
        foreach (var word in text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            AddValues(word, values);
        return values;
    }

    public static double ParseNumber(string text) => text.TrimStart('+').ToLowerInvariant() switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" => double.NaN,
        "stale" => StaleMarker.Value,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    public static LabelSet ParseLabels(string text)
    {
        var brace = text.IndexOf('{', StringComparison.Ordinal);
        var name = brace < 0 ? text : text[..brace].Trim();
        var inner = brace < 0 ? "" : text[(brace + 1)..text.LastIndexOf('}')].Trim().TrimEnd(',');
        var query = name.Length > 0 ? $"{name}{{{inner}}}" : $"{{{inner}{(inner.Length > 0 ? "," : "")}filler=\"x\"}}";
        var outcome = PromQlParser.Parse(query);
        if (outcome.Expression is not PromQlExpression.VectorSelector selector)
            throw new FormatException($"cannot read series {text}: {outcome.Error}");
        return LabelSet.From(selector.AllMatchers.Select(matcher => new KeyValuePair<string, string>(matcher.Name, matcher.Value)))
            .Without(name.Length > 0 ? [] : ["filler"]);
    }

    private static int EndOfSelector(string line)
    {
        var quoted = '\0';
        var depth = 0;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quoted != '\0')
            {
                if (c == '\\')
                    i++;
                else if (c == quoted)
                    quoted = '\0';
            }
            else if (c is '"' or '\'' or '`')
                quoted = c;
            else if (c == '{')
                depth++;
            else if (c == '}' && --depth == 0)
                return i + 1;
            else if (depth == 0 && char.IsWhiteSpace(c) && !line[i..].TrimStart().StartsWith('{'))
                return i;
        }

        return line.Length;
    }

    [GeneratedRegex(@"^(?<from>_|[-+]?(?:inf|nan|stale|[0-9.]+(?:e[-+]?[0-9]+)?))(?<by>[-+](?:inf|nan|[0-9.]+(?:e[-+]?[0-9]+)?))?x(?<count>[0-9]+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Expansion { get; }

    private static void AddValues(string word, List<double?> values)
    {
        var match = Expansion.Match(word);
        if (!match.Success)
        {
            values.Add(word == "_" ? null : ParseNumber(word));
            return;
        }

        var count = int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture);
        if (match.Groups["from"].Value == "_")
        {
            values.AddRange(Enumerable.Repeat<double?>(null, count));
            return;
        }

        var value = ParseNumber(match.Groups["from"].Value);
        var by = match.Groups["by"].Success ? ParseNumber(match.Groups["by"].Value) : 0;
        for (var i = 0; i <= count; i++)
        {
            values.Add(value);
            value += by;
        }
    }
}
