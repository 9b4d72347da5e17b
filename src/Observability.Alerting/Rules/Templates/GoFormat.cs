using System.Globalization;
using System.Text;

namespace Observability.Alerting;

/// <summary>
/// Prints values as Go's fmt package does, because annotations are compared text by text with promtool's.
/// Source of the rules: pkg.go.dev/fmt.
/// </summary>
internal static class GoFormat
{
    /// <summary>The <c>%v</c> form.</summary>
    public static string Print(object? value) => value switch
    {
        null => "<nil>",
        string text => text,
        bool flag => flag ? "true" : "false",
        double number => General(number, -1),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        Model.LabelSet labels => "map[" + string.Join(' ', labels.Select(pair => $"{pair.Key}:{pair.Value}")) + "]",
        IReadOnlyDictionary<string, object?> map => "map[" + string.Join(' ', map.Select(pair => $"{pair.Key}:{Print(pair.Value)}")) + "]",
        IEnumerable<object?> list => "[" + string.Join(' ', list.Select(Print)) + "]",
        _ => value.ToString() ?? "",
    };

    /// <summary>The <c>%g</c> form; a negative precision asks for the shortest text that reads back to the same number.</summary>
    public static string General(double value, int precision)
    {
        if (Special(value) is { } special)
            return special;
        if (value == 0)
            return double.IsNegative(value) ? "-0" : "0";
        precision = precision == 0 ? 1 : precision;
        var text = precision < 0 ? value.ToString("R", CultureInfo.InvariantCulture) : Round(value, 'E', precision - 1);
        var (digits, exponent) = Split(text);
        digits = digits.TrimEnd('0');
        // strconv: the shortest form decides as if its precision were 6.
        var limit = precision < 0 ? 6 : precision;
        var sign = value < 0 ? "-" : "";
        return sign + (exponent < -4 || exponent >= limit ? Scientific(digits, exponent, 'e') : Plain(digits, exponent));
    }

    /// <summary>The <c>%f</c> form.</summary>
    public static string Fixed(double value, int precision) =>
        Special(value) ?? Round(value, 'F', precision < 0 ? 6 : precision);

    /// <summary>The <c>%e</c> form.</summary>
    public static string Exponent(double value, int precision)
    {
        if (Special(value) is { } special)
            return special;
        var text = Round(value, 'E', precision < 0 ? 6 : precision);
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var power = int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return text[..mark] + Power(power, 'e');
    }

    /// <summary>The shortest text with an exponent that reads back to the same number: <c>'e', -1</c>.</summary>
    public static string Scientific(double value)
    {
        if (Special(value) is { } special)
            return special;
        if (value == 0)
            return double.IsNegative(value) ? "-0e+00" : "0e+00";
        var (digits, exponent) = Split(value.ToString("R", CultureInfo.InvariantCulture));
        return (value < 0 ? "-" : "") + Scientific(digits.TrimEnd('0'), exponent, 'e');
    }

    /// <summary>Go's <c>printf</c> with verbs s v d f g e q t x % and the flags - + 0 space, width and precision.</summary>
    public static string Printf(string format, ReadOnlySpan<object?> arguments)
    {
        var text = new StringBuilder();
        var used = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                text.Append(format[i]);
                continue;
            }

            var directive = Directive.Read(format, ref i);
            if (directive.Verb == '%')
                text.Append('%');
            else if (directive.Verb == '\0')
                text.Append("%!(NOVERB)");
            else if (used >= arguments.Length)
                text.Append("%!").Append(directive.Verb).Append("(MISSING)");
            else
                text.Append(directive.Pad(Convert(directive, arguments[used++])));
        }

        if (used < arguments.Length)
            AppendExtra(text, arguments[used..]);
        return text.ToString();
    }

    /// <summary>Go's <c>Sprint</c>: a space between two values of which neither is a text.</summary>
    public static string Join(ReadOnlySpan<object?> values)
    {
        var text = new StringBuilder();
        for (var i = 0; i < values.Length; i++)
            text.Append(i > 0 && values[i] is not string && values[i - 1] is not string ? " " : "").Append(Print(values[i]));
        return text.ToString();
    }

    private static void AppendExtra(StringBuilder text, ReadOnlySpan<object?> extra)
    {
        text.Append("%!(EXTRA ");
        for (var i = 0; i < extra.Length; i++)
            text.Append(i > 0 ? ", " : "").Append(TypeName(extra[i])).Append('=').Append(Print(extra[i]));
        text.Append(')');
    }

    private static string Convert(Directive directive, object? value)
    {
        var precision = directive.Precision;
        var text = (directive.Verb, value) switch
        {
            ('v', double number) => General(number, precision),
            ('v', _) => Print(value),
            ('s', string word) => precision >= 0 && precision < word.Length ? word[..precision] : word,
            ('s', not (double or long or int or bool or null)) => Print(value),
            ('q', string word) => "\"" + word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"",
            ('d', long or int) => Print(value),
            ('x', long number) => number.ToString("x", CultureInfo.InvariantCulture),
            ('t', bool) => Print(value),
            ('f' or 'F', double number) => Fixed(number, precision),
            ('e', double number) => Exponent(number, precision),
            ('g', double number) => General(number, precision),
            // A wrong verb keeps the precision, which for a whole number is its least digits.
            (_, long or int) => $"%!{directive.Verb}({TypeName(value)}={Print(value).PadLeft(Math.Max(0, precision), '0')})",
            _ => $"%!{directive.Verb}({TypeName(value)}={Print(value)})",
        };
        return directive.Plus && value is double or long && text.Length > 0 && (char.IsAsciiDigit(text[0]) || text == "NaN") ? "+" + text : text;
    }

    private static string TypeName(object? value) => value switch
    {
        null => "<nil>",
        string => "string",
        double => "float64",
        bool => "bool",
        long or int => "int",
        _ => "map[string]string",
    };

    private static string? Special(double value) =>
        double.IsNaN(value) ? "NaN"
        : double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : null;

    // Go rounds an exact tie to the even digit (0.25 with one decimal is 0.2); .NET rounds it away from zero.
    private static string Round(double value, char format, int decimals)
    {
        const int extra = 30;
        var exact = value.ToString(format + (decimals + extra).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var mark = exact.IndexOf('E', StringComparison.Ordinal);
        var mantissa = mark < 0 ? exact : exact[..mark];
        var kept = mantissa[..^extra];
        var isTie = mantissa[^extra] == '5' && mantissa.AsSpan(mantissa.Length - extra + 1).IndexOfAnyExcept('0') < 0;
        if (isTie && (kept.TrimEnd('.')[^1] - '0') % 2 == 0)
            return kept.TrimEnd('.') + (mark < 0 ? "" : exact[mark..]);
        return value.ToString(format + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    // Digits without a point, and the power of ten of the first of them.
    private static (string Digits, int Exponent) Split(string text)
    {
        text = text.TrimStart('-');
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var power = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = mark < 0 ? text : text[..mark];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? mantissa.Length : point;
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var zeros = digits.Length - digits.TrimStart('0').Length;
        return (digits[zeros..], power + whole - 1 - zeros);
    }

    private static string Scientific(string digits, int exponent, char mark) =>
        digits[..1] + (digits.Length > 1 ? "." + digits[1..] : "") + Power(exponent, mark);

    private static string Power(int exponent, char mark) =>
        mark + (exponent < 0 ? "-" : "+") + Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);

    private static string Plain(string digits, int exponent)
    {
        if (exponent < 0)
            return "0." + new string('0', -exponent - 1) + digits;
        return digits.Length <= exponent + 1
            ? digits.PadRight(exponent + 1, '0')
            : digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
    }

    private readonly record struct Directive(char Verb, bool Left, bool Plus, bool Zero, int Width, int Precision)
    {
        // %-8.3f : flags, width, precision, verb
        public static Directive Read(string format, ref int at)
        {
            bool left = false, plus = false, zero = false;
            for (at++; at < format.Length && format[at] is '-' or '+' or '0' or ' ' or '#'; at++)
            {
                left |= format[at] == '-';
                plus |= format[at] == '+';
                zero |= format[at] == '0';
            }

            var width = ReadInteger(format, ref at);
            var precision = -1;
            if (at < format.Length && format[at] == '.')
            {
                at++;
                precision = Math.Max(ReadInteger(format, ref at), 0);
            }

            return new Directive(at < format.Length ? format[at] : '\0', left, plus, zero, Math.Min(width, 200), Math.Min(precision, 100));
        }

        public string Pad(string text)
        {
            if (text.Length >= Width)
                return text;
            if (Left)
                return text.PadRight(Width);
            if (!Zero || text.EndsWith("Inf", StringComparison.Ordinal) || text.EndsWith("NaN", StringComparison.Ordinal) || Verb is 's' or 'v' or 'q' or 't')
                return text.PadLeft(Width);
            return text[0] is '-' or '+' ? text[0] + text[1..].PadLeft(Width - 1, '0') : text.PadLeft(Width, '0');
        }

        private static int ReadInteger(string format, ref int at)
        {
            var value = -1;
            for (; at < format.Length && char.IsAsciiDigit(format[at]); at++)
                value = Math.Min((Math.Max(value, 0) * 10) + (format[at] - '0'), 1000);
            return value;
        }
    }
}
