using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Observability.Server;

/// <summary>How a value is written in the configuration, and how it is said back.</summary>
internal static partial class OptionValue
{
    /// <summary>Turns text into a text, number, flag, duration or one of a few words; false where it does not fit.</summary>
    public static bool TryConvert(string value, Type type, out object? converted)
    {
        converted = null;
        if (type == typeof(string))
            converted = value;
        else if (type == typeof(int) && int.TryParse(value.Replace("_", "", StringComparison.Ordinal), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number))
            converted = number;
        else if (type == typeof(long) && long.TryParse(value.Replace("_", "", StringComparison.Ordinal), NumberStyles.Integer, CultureInfo.InvariantCulture, out var large))
            converted = large;
        else if (type == typeof(double) && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real))
            converted = real;
        else if (type == typeof(bool) && bool.TryParse(value, out var flag))
            converted = flag;
        else if (type == typeof(TimeSpan) && TryDuration(value, out var span))
            converted = span;
        else if (type.IsEnum && !int.TryParse(value, out _) && Enum.TryParse(type, value, ignoreCase: true, out var member))
            converted = member;
        return converted is not null;
    }

    /// <summary>Reads <c>15s</c>, <c>5m</c>, <c>1h30m</c>, <c>15d</c>, <c>2w</c>: the units of Prometheus, from large to small.</summary>
    public static bool TryDuration(string value, out TimeSpan span)
    {
        span = default;
        var match = DurationPattern().Match(value);
        if (!match.Success || value.Length == 0)
            return false;
        double seconds = 0;
        foreach (var (group, unit) in ((string, double)[])[("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1), ("ms", 0.001)])
        {
            if (match.Groups[group].Success)
                seconds += double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) * unit;
        }

        if (seconds >= TimeSpan.MaxValue.TotalSeconds)
            return false;
        span = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>What a key of this type takes, for people.</summary>
    public static string Expected(Type type) => type switch
    {
        _ when type == typeof(TimeSpan) => "a duration such as 10s, 5m or 15d",
        _ when type == typeof(int) || type == typeof(long) => "a whole number",
        _ when type == typeof(double) => "a number",
        _ when type == typeof(bool) => "true or false",
        { IsEnum: true } => "one of " + string.Join(", ", Enum.GetNames(type).Select(SnakeCase)),
        _ => "usable here",
    };

    /// <summary>A value as the file would write it.</summary>
    public static string Show(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        Enum word => SnakeCase(word.ToString()),
        TimeSpan span => ShowDuration(span),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    /// <summary><c>MaximumBodyBytes</c> as <c>maximum_body_bytes</c>.</summary>
    public static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
                text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    private static string ShowDuration(TimeSpan span)
    {
        var text = new StringBuilder();
        foreach (var (count, unit) in ((int, string)[])[(span.Days, "d"), (span.Hours, "h"), (span.Minutes, "m"), (span.Seconds, "s"), (span.Milliseconds, "ms")])
        {
            if (count > 0)
                text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
        }

        return text.Length == 0 ? "0s" : text.ToString();
    }

    [GeneratedRegex(@"^(?:(?<w>\d+)w)?(?:(?<d>\d+)d)?(?:(?<h>\d+)h)?(?:(?<m>\d+)m(?!s))?(?:(?<s>\d+(?:\.\d+)?)s)?(?:(?<ms>\d+)ms)?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex DurationPattern();
}
