using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Observability.Model;

/// <summary>
/// Spells a pattern of RE2 (https://github.com/google/re2/wiki/Syntax), as Prometheus and Alertmanager take it, for .NET: <c>\d</c>,
/// <c>\w</c> and <c>\s</c> are ASCII, <c>[[:alpha:]]</c> is a class, <c>[a-[b]</c> subtracts nothing, <c>(?P&lt;x&gt;…)</c> names a group.
/// </summary>
public static class Re2Pattern
{
    private const string Digit = "0-9";
    private const string Word = "0-9A-Za-z_";
    private const string Space = @"\t\n\f\r ";

    private static readonly Dictionary<string, string> s_named = new(StringComparer.Ordinal)
    {
        ["alnum"] = "0-9A-Za-z",
        ["alpha"] = "A-Za-z",
        ["ascii"] = @"\u0000-\u007F",
        ["blank"] = @"\t ",
        ["cntrl"] = @"\u0000-\u001F\u007F",
        ["digit"] = Digit,
        ["graph"] = @"\u0021-\u007E",
        ["lower"] = "a-z",
        ["print"] = @"\u0020-\u007E",
        ["punct"] = @"\u0021-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u007E",
        ["space"] = @"\t\n\v\f\r ",
        ["upper"] = "A-Z",
        ["word"] = Word,
        ["xdigit"] = "0-9A-Fa-f",
    };

    /// <summary>The same pattern for <see cref="Regex"/>; what neither side knows is left as it stands, for <see cref="Regex"/> to refuse.</summary>
    public static string ToDotNet(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        // Most patterns hold nothing that the two read differently.
        if (!pattern.Contains('\\', StringComparison.Ordinal) && !pattern.Contains('[', StringComparison.Ordinal) && !pattern.Contains("(?P<", StringComparison.Ordinal))
            return pattern;
        var text = new StringBuilder(pattern.Length + 16);
        var isInClass = false;
        for (var at = 0; at < pattern.Length;)
        {
            var rest = pattern.AsSpan(at);
            if (rest[0] == '\\' && rest.Length > 1)
                at += Escape(rest, isInClass, text);
            else if (isInClass && rest.StartsWith("[:") && Named(rest, text) is var length and > 0)
                at += length;
            else if (!isInClass && rest.StartsWith("(?P<"))
                (at, _) = (at + 4, text.Append("(?<"));
            else if (!isInClass && rest[0] == '[')
                (at, isInClass) = (at + Open(rest, text), true);
            else
            {
                // Inside a class .NET would begin a subtraction here.
                if (isInClass && rest[0] == '[')
                    text.Append('\\');
                isInClass &= rest[0] != ']';
                text.Append(rest[0]);
                at++;
            }
        }

        return text.ToString();
    }

    // A bracket right at the beginning of a class is one of its characters.
    private static int Open(ReadOnlySpan<char> rest, StringBuilder text)
    {
        var length = rest.StartsWith("[^") ? 2 : 1;
        text.Append(rest[..length]);
        if (length == rest.Length || rest[length] != ']')
            return length;
        text.Append(@"\]");
        return length + 1;
    }

    private static int Named(ReadOnlySpan<char> rest, StringBuilder text)
    {
        var end = rest.IndexOf(":]");
        if (end < 0 || !s_named.TryGetValue(rest[2..end].ToString(), out var ranges))
            return 0;
        text.Append(ranges);
        return end + 2;
    }

    private static int Escape(ReadOnlySpan<char> rest, bool isInClass, StringBuilder text)
    {
        var ranges = rest[1] switch
        {
            'd' => Digit,
            'w' => Word,
            's' => Space,
            'D' => @"\u0000-\u002F\u003A-\uFFFF",
            'W' => @"\u0000-\u002F\u003A-\u0040\u005B-\u005E\u0060\u007B-\uFFFF",
            'S' => @"\u0000-\u0008\u000B\u000E-\u001F\u0021-\uFFFF",
            _ => null,
        };
        if (ranges is not null)
        {
            text.Append(isInClass ? ranges : $"[{ranges}]");
            return 2;
        }

        if (rest[1] is 'p' or 'P' && rest.Length > 2 && rest[2] != '{')
        {
            text.Append(CultureInfo.InvariantCulture, $@"\{rest[1]}{{{rest[2]}}}");
            return 3;
        }

        if (rest[1] == 'Q')
        {
            var end = rest.IndexOf(@"\E");
            text.Append(Regex.Escape(rest[2..(end < 0 ? rest.Length : end)].ToString()));
            return end < 0 ? rest.Length : end + 2;
        }

        if (rest.StartsWith(@"\x{") && rest.IndexOf('}') is var close and > 3 && int.TryParse(rest[3..close], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && Rune.IsValid(code))
        {
            text.Append(Regex.Escape(new Rune(code).ToString()));
            return close + 1;
        }

        text.Append(rest[..2]);
        return 2;
    }
}
