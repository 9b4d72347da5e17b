using System.Globalization;
using System.Text;

namespace Observability.Metrics;

/// <summary>
/// Durations as Prometheus writes them: <c>1h30m</c>, <c>5m</c>, <c>250ms</c>; units y w d h m s ms, longest first,
/// each at most once, whole numbers only.
/// </summary>
public static class PromQlDuration
{
    private static readonly (string Name, long Milliseconds)[] s_units =
    [
        ("y", 365L * 24 * 3600 * 1000), ("w", 7L * 24 * 3600 * 1000), ("d", 24L * 3600 * 1000), ("h", 3600L * 1000),
        ("m", 60L * 1000), ("s", 1000), ("ms", 1),
    ];

    /// <summary>Reads <c>1h30m</c>; false where it is not a duration or too long for a <see cref="TimeSpan"/>.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text is "0")
            return true;
        double total = 0;
        int position = 0, unit = -1;
        while (position < text.Length)
        {
            var digits = position;
            while (position < text.Length && char.IsAsciiDigit(text[position]))
                position++;
            if (position == digits || !double.TryParse(text.AsSpan(digits, position - digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                return false;
            var letters = position;
            while (position < text.Length && char.IsAsciiLetterLower(text[position]))
                position++;
            var name = text[letters..position];
            var found = Array.FindIndex(s_units, candidate => candidate.Name == name);
            if (found <= unit)
                return false;
            unit = found;
            total += count * s_units[found].Milliseconds;
        }

        // 292 years: the most that Prometheus, which counts nanoseconds in 64 bits, can hold.
        if (unit < 0 || total > 9_223_372_036_854d)
            return false;
        duration = TimeSpan.FromMilliseconds(total);
        return true;
    }

    /// <summary>Writes <c>1h30m</c>; a negative one with a leading minus, zero as <c>0s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        var left = (long)duration.TotalMilliseconds;
        if (left == 0)
            return "0s";
        var text = new StringBuilder();
        if (left < 0)
        {
            text.Append('-');
            left = -left;
        }

        foreach (var (name, size) in s_units)
        {
            // Prometheus writes years and weeks only where they divide the rest evenly: 8d stays 8d.
            if (left < size || name is "y" or "w" && left % size != 0)
                continue;
            text.Append(CultureInfo.InvariantCulture, $"{left / size}{name}");
            left %= size;
        }

        return text.ToString();
    }
}
