using System.Globalization;

namespace Observability.Content;

/// <summary>
/// OpenSLO's shorthand: one number and one unit out of m h d w M Q Y, where the case matters: <c>5m</c> is minutes,
/// <c>1M</c> is a month.
/// </summary>
internal static class OpenSloDuration
{
    /// <summary>The length, and the calendar months it stands for, 0 where it is a fixed length.</summary>
    public static bool TryParse(string text, out TimeSpan length, out int months)
    {
        (length, months) = (TimeSpan.Zero, 0);
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count is < 1 or > 100_000)
        {
            return false;
        }

        (int days, months) = text[^1] switch
        {
            'M' => (30, count),
            'Q' => (91, count * 3),
            'Y' => (365, count * 12),
            'w' => (7, 0),
            'd' => (1, 0),
            _ => (0, 0),
        };
        length = text[^1] switch
        {
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            _ => TimeSpan.FromDays((double)count * days),
        };
        return length > TimeSpan.Zero;
    }
}
