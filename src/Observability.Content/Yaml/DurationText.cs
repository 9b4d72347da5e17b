using System.Globalization;
using System.Text.RegularExpressions;

namespace Observability.Content;

/// <summary>Durations as Prometheus writes them: units in falling order, each at most once, such as <c>1h30m</c>; <c>0</c> needs no unit.</summary>
internal static partial class DurationText
{
    private static readonly (string Group, double Seconds)[] Units =
        [("y", 365 * 86400d), ("w", 7 * 86400d), ("d", 86400), ("h", 3600), ("m", 60), ("s", 1), ("ms", 0.001)];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text == "0")
            return true;
        var match = Pattern().Match(text);
        if (text.Length == 0 || !match.Success)
            return false;
        var seconds = 0d;
        foreach (var (group, unit) in Units)
        {
            if (match.Groups[group] is { Success: true, ValueSpan: var digits })
                seconds += double.Parse(digits, CultureInfo.InvariantCulture) * unit;
        }

        // Prometheus keeps durations as 64 bit nanoseconds.
        if (seconds > long.MaxValue / 1e9)
            return false;
        duration = TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
        return true;
    }

    [GeneratedRegex(@"^(?:(?<y>[0-9]+)y)?(?:(?<w>[0-9]+)w)?(?:(?<d>[0-9]+)d)?(?:(?<h>[0-9]+)h)?(?:(?<m>[0-9]+)m)?(?:(?<s>[0-9]+)s)?(?:(?<ms>[0-9]+)ms)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
