using System.Buffers;
using System.Globalization;
using System.Text.Unicode;

namespace Observability.Collectors;

/// <summary>
/// Reads a value or a time as Go's ParseFloat does in base 10: <c>12</c>, <c>-0.5</c>, <c>1.5e3</c>, <c>NaN</c>,
/// <c>+Inf</c>. Neither <c>0x1</c> nor <c>1_000</c> is a number here.
/// </summary>
internal static class ExpositionNumber
{
    private const int ExactDigits = 15;
    private const int ExactPower = 22;

    private static readonly SearchValues<byte> NumberBytes = SearchValues.Create("0123456789+-.eE"u8);

    private static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
        1e21, 1e22,
    ];

    public static bool TryParse(ReadOnlySpan<byte> text, out double value) =>
        TryExact(text, out value) || TrySlow(text, out value);

    // Up to 15 digits and a power of ten up to 22 are exact doubles, so one multiplication or division rounds correctly
    // (Clinger 1990). Nearly every scraped value is of this form.
    private static bool TryExact(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        var at = 0;
        var negative = false;
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+')
        {
            negative = text[0] == '-';
            at = 1;
        }

        long mantissa = 0;
        int digits = 0, fraction = 0;
        var point = false;
        for (; at < text.Length; at++)
        {
            var digit = text[at] - '0';
            if ((uint)digit <= 9)
            {
                mantissa = (mantissa * 10) + digit;
                if (++digits > ExactDigits)
                    return false;
                if (point)
                    fraction++;
            }
            else if (text[at] == '.' && !point)
            {
                point = true;
            }
            else
            {
                break;
            }
        }

        var power = 0;
        if (digits == 0 || (at < text.Length && !TryExponent(text[at..], out power)))
            return false;
        power -= fraction;
        if (power is > ExactPower or < -ExactPower)
            return false;
        value = power >= 0 ? mantissa * PowersOfTen[power] : mantissa / PowersOfTen[-power];
        value = negative ? -value : value;
        return true;
    }

    private static bool TryExponent(ReadOnlySpan<byte> text, out int power)
    {
        power = 0;
        if (text[0] is not ((byte)'e' or (byte)'E') || text.Length is < 2 or > 5)
            return false;
        var at = text[1] is (byte)'+' or (byte)'-' ? 2 : 1;
        if (at == text.Length)
            return false;
        var negative = text[1] == '-';
        for (; at < text.Length; at++)
        {
            if (text[at] is < (byte)'0' or > (byte)'9')
                return false;
            power = (power * 10) + (text[at] - '0');
        }

        power = negative ? -power : power;
        return true;
    }

    private static bool TrySlow(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        if (text.Length is 0 or > 400)
            return false;
        if (text.ContainsAnyExcept(NumberBytes))
            return TryWord(text, out value);
        const NumberStyles style =
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, style, CultureInfo.InvariantCulture, out value);
    }

    private static bool TryWord(ReadOnlySpan<byte> text, out double value)
    {
        value = double.NaN;
        if (Is(text, "nan"))
            return true;
        var negative = text[0] == '-';
        var word = text[0] is (byte)'-' or (byte)'+' ? text[1..] : text;
        value = negative ? double.NegativeInfinity : double.PositiveInfinity;
        return Is(word, "inf") || Is(word, "infinity");
    }

    private static bool Is(ReadOnlySpan<byte> text, string word) =>
        text.Length == word.Length && Utf8.IsValid(text) && System.Text.Ascii.EqualsIgnoreCase(text, word);
}
