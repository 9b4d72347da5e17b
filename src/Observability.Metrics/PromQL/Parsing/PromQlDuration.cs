using System.Globalization;
using System.Text;

namespace Observability.Metrics;

/// <summary>Durations as PromQL writes them: <c>1h30m</c>, <c>90s</c>, <c>5ms</c>; units y w d h m s ms, largest first.</summary>
public static class PromQlDuration
{
    private static readonly (string Unit, double Seconds)[] Units =
        [("y", 31_536_000), ("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1), ("ms", 0.001)];

    /// <summary>Reads a duration; false where the text is not one.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        double seconds = 0;
        var next = 0;
        var at = 0;
        while (at < text.Length)
        {
            var start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
                at++;
            var unitStart = at;
            while (at < text.Length && char.IsAsciiLetter(text[at]))
                at++;
            var unit = text[unitStart..at];
            var index = Array.FindIndex(Units, next, known => known.Unit == unit);
            if (unitStart == start || index < 0
                || !double.TryParse(text.AsSpan(start, unitStart - start), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                return false;
            }

            seconds += count * Units[index].Seconds;
            next = index + 1;
        }

        if (text.Length == 0 || seconds > TimeSpan.MaxValue.TotalSeconds)
            return false;
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>Reads a duration that the lexer has accepted.</summary>
    public static TimeSpan Parse(string text) =>
        TryParse(text, out var duration) ? duration : throw new FormatException($"'{text}' is not a duration such as 5m or 1h30m");

    /// <summary>Writes a duration in the same notation.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0s";
        var left = (long)Math.Round(Math.Abs(duration.TotalMilliseconds));
        var text = new StringBuilder(duration < TimeSpan.Zero ? "-" : "");
        foreach (var (unit, seconds) in Units)
        {
            var size = (long)(seconds * 1000);
            // Years and weeks only where nothing is left over, as Prometheus prints them.
            if (left < size || (unit is "y" or "w" && left % size != 0))
                continue;
            text.Append(CultureInfo.InvariantCulture, $"{left / size}{unit}");
            left %= size;
        }

        return text.ToString();
    }
}
