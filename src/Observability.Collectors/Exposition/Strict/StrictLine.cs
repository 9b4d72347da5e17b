using System.Globalization;
using System.Text.RegularExpressions;

namespace Observability.Collectors;

/// <summary>The spelling of a sample line: <c>name{a="b"} 1.5 1700000000.25 # {trace_id="x"} 0.4 1700000000</c>, single spaces throughout.</summary>
internal sealed partial record StrictLine(string Name, IReadOnlyList<KeyValuePair<string, string>> Labels, double Value, double? Time, StrictExemplar? Exemplar)
{
    // Of the line feed's escapes only \n, \\ and \" mean something; others stand for themselves.
    private const string LabelsPattern = """\{(?<pair>[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\.)*"(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\.)*")*)?\}""";
    private const string NumberPattern = """[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?""";

    /// <summary>Reads a line; null with a reason where it is misspelt.</summary>
    public static StrictLine? Read(string line, out string reason)
    {
        var match = Whole().Match(line);
        if (!match.Success)
        {
            reason = Reason(line);
            return null;
        }

        reason = "";
        var labels = Pairs(match.Groups["labels"].Value);
        if (labels.GroupBy(label => label.Key, StringComparer.Ordinal).FirstOrDefault(same => same.Skip(1).Any()) is { } twice)
        {
            reason = $"label {twice.Key} appears twice";
            return null;
        }

        StrictExemplar? exemplar = null;
        if (match.Groups["exemplar"].Success)
            exemplar = new StrictExemplar(Pairs(match.Groups["exemplar"].Value), Number(match.Groups["exvalue"].Value));
        return new StrictLine(
            match.Groups["name"].Value, labels, Number(match.Groups["value"].Value),
            match.Groups["time"].Success ? Number(match.Groups["time"].Value) : null, exemplar);
    }

    /// <summary>A number as the grammar has it.</summary>
    public static double Number(string text) => text.ToLowerInvariant().TrimStart('+') switch
    {
        "nan" or "-nan" => double.NaN,
        "inf" or "infinity" => double.PositiveInfinity,
        "-inf" or "-infinity" => double.NegativeInfinity,
        var plain => double.Parse(plain, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    /// <summary>True where a text is a number of the grammar.</summary>
    public static bool IsNumber(string text) => ValueText().IsMatch(text);

    /// <summary>The value of a label; null where the line has none of the name.</summary>
    public string? Label(string name)
    {
        foreach (var (key, value) in Labels)
        {
            if (key == name)
                return value;
        }

        return null;
    }

    private static List<KeyValuePair<string, string>> Pairs(string labels) => [.. Pair().Matches(labels)
        .Select(pair => KeyValuePair.Create(pair.Groups["label"].Value, Unescape(pair.Groups["text"].Value)))];

    private static string Unescape(string text) => text.Contains('\\', StringComparison.Ordinal)
        ? Escape().Replace(text, match => match.Value[1] switch { 'n' => "\n", '\\' => "\\", '"' => "\"", _ => match.Value })
        : text;

    // Says where the reading stopped: at the name, the labels, the value or what follows it.
    private static string Reason(string line)
    {
        if (line.Length == 0)
            return "a blank line is not allowed";
        if (!Front().IsMatch(line))
            return "a line begins with a metric name of letters, digits, '_' and ':', not with a digit first";
        var front = LabelsOrNone().Match(line);
        if (line[front.Length..].StartsWith('{'))
            return "the labels are misspelt; write {a=\"b\",c=\"d\"} without spaces or a last comma";
        var rest = line[front.Length..];
        if (!rest.StartsWith(' '))
            return "one space stands between the series and its value";
        var words = rest[1..].Split(' ');
        if (!IsNumber(words[0]))
            return $"the value '{words[0]}' is not a decimal number, NaN or Inf";
        return words.Length > 1 && words[1] != "#" && !TimeText().IsMatch(words[1])
            ? $"the time '{words[1]}' is not a decimal number of seconds"
            : "after value and time only an exemplar may stand: ' # {a=\"b\"} 1.5 1700000000'";
    }

    [GeneratedRegex($"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>{LabelsPattern})? (?<value>{NumberPattern}|[+-]?(?i:inf(?:inity)?|nan))(?: (?<time>{NumberPattern}))?(?: # (?<exemplar>{LabelsPattern}) (?<exvalue>{NumberPattern}|[+-]?(?i:inf(?:inity)?|nan))(?: {NumberPattern})?)?\\z")]
    private static partial Regex Whole();

    [GeneratedRegex("^[a-zA-Z_:][a-zA-Z0-9_:]*[ {]")]
    private static partial Regex Front();

    [GeneratedRegex($"^[a-zA-Z_:][a-zA-Z0-9_:]*(?:{LabelsPattern})?")]
    private static partial Regex LabelsOrNone();

    [GeneratedRegex("""(?<label>[a-zA-Z_][a-zA-Z0-9_]*)="(?<text>(?:[^"\\\n]|\\.)*)",?""")]
    private static partial Regex Pair();

    [GeneratedRegex("""\\.""")]
    private static partial Regex Escape();

    [GeneratedRegex($"^(?:{NumberPattern}|[+-]?(?i:inf(?:inity)?|nan))\\z")]
    private static partial Regex ValueText();

    [GeneratedRegex($"^{NumberPattern}\\z")]
    private static partial Regex TimeText();
}
