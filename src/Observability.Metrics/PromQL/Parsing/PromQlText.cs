using System.Globalization;
using System.Text;

namespace Observability.Metrics;

/// <summary>Quoting and number text in the notation of Prometheus (that is, of Go).</summary>
internal static class PromQlText
{
    // A byte that is not UTF-8 is kept as a lone low surrogate 0xDC00 + byte, so that it prints as \xNN again.
    private const char StrayByteBase = '\uDC00';

    public static bool IsLegacyLabelName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    public static bool IsLegacyMetricName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or ':');

    public static bool IsValidName(string name)
    {
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsHighSurrogate(name[i]) && i + 1 < name.Length && char.IsLowSurrogate(name[i + 1]))
                i++;
            else if (char.IsSurrogate(name[i]))
                return false;
        }

        return name.Length > 0;
    }

    public static string Quote(string value)
    {
        var text = new StringBuilder("\"", value.Length + 2);
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (char.IsHighSurrogate(c) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
                text.Append(c).Append(value[++i]);
            else if (c is '"' or '\\')
                text.Append('\\').Append(c);
            else if (c >= StrayByteBase && c <= StrayByteBase + 255)
                text.Append(CultureInfo.InvariantCulture, $"\\x{c - StrayByteBase:x2}");
            else if (char.IsControl(c))
                text.Append(Escape(c));
            else
                text.Append(c);
        }

        return text.Append('"').ToString();
    }

    /// <summary>Decodes bytes as UTF-8; each stray byte becomes one lone surrogate.</summary>
    public static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var size) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[size..];
            }
            else
            {
                text.Append((char)(StrayByteBase + bytes[0]));
                bytes = bytes[1..];
            }
        }

        return text.ToString();
    }

    /// <summary>Shortest text that reads back as the same number, without an exponent below 1e21, as Go's <c>'f', -1</c>.</summary>
    public static string Number(double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "+Inf" : "-Inf";
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        return shortest.Contains('E', StringComparison.Ordinal) ? Expand(shortest) : shortest;
    }

    /// <summary>A number as a <c>le</c> or <c>quantile</c> label holds it: <c>1.0</c>, <c>0.25</c>, <c>1e+21</c>, <c>+Inf</c>.</summary>
    public static string BoundaryLabel(double value)
    {
        var text = SampleValue(value);
        return double.IsFinite(value) && text.AsSpan().IndexOfAny('.', 'e') < 0 ? text + ".0" : text;
    }

    /// <summary>As the HTTP API writes sample values: with an exponent below 1e-6 and from 1e21.</summary>
    public static string SampleValue(double value)
    {
        var magnitude = Math.Abs(value);
        if (magnitude == 0 || !double.IsFinite(value) || (magnitude >= 1e-6 && magnitude < 1e21))
            return Number(value);
        var shortest = value.ToString("E16", CultureInfo.InvariantCulture);
        var plain = value.ToString("R", CultureInfo.InvariantCulture);
        var mark = plain.IndexOf('E', StringComparison.Ordinal);
        if (mark < 0)
            return shortest;
        var exponent = int.Parse(plain.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return $"{plain[..mark]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)}";
    }

    /// <summary>The same as UTF-8, without a string in between; 40 bytes are enough.</summary>
    /// <returns>Bytes written.</returns>
    public static int FormatSampleValue(double value, Span<byte> into)
    {
        // In this range the shortest form has no exponent, which is nearly every value.
        var magnitude = Math.Abs(value);
        if ((magnitude >= 1e-4 && magnitude < 1e15) || magnitude == 0)
        {
            value.TryFormat(into, out var length, default, CultureInfo.InvariantCulture);
            return length;
        }

        return Encoding.UTF8.GetBytes(SampleValue(value), into);
    }

    private static string Escape(char c) => c switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\a' => "\\a",
        '\b' => "\\b",
        '\f' => "\\f",
        '\v' => "\\v",
        _ => c < 0x80 ? $"\\x{(int)c:x2}" : $"\\u{(int)c:x4}",
    };

    private static string Expand(string shortest)
    {
        // -1.25E-07 to -0.000000125
        var negative = shortest[0] == '-';
        var mark = shortest.IndexOf('E', StringComparison.Ordinal);
        var exponent = int.Parse(shortest.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = shortest[(negative ? 1 : 0)..mark];
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var point = (dot < 0 ? mantissa.Length : dot) + exponent;
        var text = point <= 0 ? "0." + new string('0', -point) + digits
            : point >= digits.Length ? digits + new string('0', point - digits.Length)
            : digits[..point] + "." + digits[point..];
        return negative ? "-" + text : text;
    }
}
