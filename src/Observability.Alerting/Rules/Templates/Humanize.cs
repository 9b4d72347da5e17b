using System.Globalization;

namespace Observability.Alerting;

/// <summary>Prometheus's readable numbers (its template package): <c>1.235M</c>, <c>1.177Mi</c>, <c>1h 2m 5s</c>, <c>25%</c>.</summary>
internal static class Humanize
{
    private static readonly string[] s_large = ["k", "M", "G", "T", "P", "E", "Z", "Y"];
    private static readonly string[] s_small = ["m", "u", "n", "p", "f", "a", "z", "y"];
    private static readonly string[] s_binary = ["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];

    public static string Number(double value)
    {
        if (value == 0 || !double.IsFinite(value))
            return Four(value);
        var prefix = "";
        if (Math.Abs(value) < 1)
            return Small(value);
        foreach (var next in s_large)
        {
            if (Math.Abs(value) < 1000)
                break;
            prefix = next;
            value /= 1000;
        }

        return Four(value) + prefix;
    }

    public static string Binary(double value)
    {
        var prefix = "";
        if (Math.Abs(value) > 1 && double.IsFinite(value))
        {
            foreach (var next in s_binary)
            {
                if (Math.Abs(value) < 1024)
                    break;
                prefix = next;
                value /= 1024;
            }
        }

        return Four(value) + prefix;
    }

    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds))
            return Four(seconds);
        if (seconds == 0)
            return "0s";
        if (Math.Abs(seconds) < 1)
            return Small(seconds) + "s";
        var sign = seconds < 0 ? "-" : "";
        var size = Math.Abs(seconds);
        var whole = (long)Math.Min(size, long.MaxValue / 2);
        long days = whole / 86400, hours = whole / 3600 % 24, minutes = whole / 60 % 60, rest = whole % 60;
        return days != 0 ? $"{sign}{days}d {hours}h {minutes}m {rest}s"
            : hours != 0 ? $"{sign}{hours}h {minutes}m {rest}s"
            : minutes != 0 ? $"{sign}{minutes}m {rest}s"
            : $"{sign}{Four(size)}s";
    }

    public static string Percentage(double ratio) => Four(ratio * 100) + "%";

    public static string Timestamp(double unixSeconds)
    {
        if (!double.IsFinite(unixSeconds))
            return Four(unixSeconds);
        // By way of nanoseconds, as Prometheus: 1643114203.125 is .124 then.
        var nanoseconds = unixSeconds * 1e9;
        if (Math.Abs(nanoseconds) >= long.MaxValue)
            throw new TemplateException($"{GoFormat.General(unixSeconds, -1)} cannot be represented as a nanoseconds timestamp since it overflows int64");
        var time = DateTimeOffset.UnixEpoch.AddMilliseconds((long)nanoseconds / 1_000_000);
        return time.ToString("yyyy-MM-dd HH:mm:ss.FFF", CultureInfo.InvariantCulture) + " +0000 UTC";
    }

    private static string Small(double value)
    {
        var prefix = "";
        foreach (var next in s_small)
        {
            if (Math.Abs(value) >= 1)
                break;
            prefix = next;
            value *= 1000;
        }

        return Four(value) + prefix;
    }

    private static string Four(double value) => GoFormat.General(value, 4);
}
