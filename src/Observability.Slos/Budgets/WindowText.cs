using System.Globalization;

namespace Observability.Slos;

/// <summary>Windows as people and Sloth write them: <c>5m</c>, <c>1h</c>, <c>3d</c>, <c>30d</c>; the largest unit that fits without a rest.</summary>
internal static class WindowText
{
    public static string Of(TimeSpan window)
    {
        var (count, unit) = window.Ticks % TimeSpan.TicksPerDay == 0 ? (window.TotalDays, "d")
            : window.Ticks % TimeSpan.TicksPerHour == 0 ? (window.TotalHours, "h")
            : window.Ticks % TimeSpan.TicksPerMinute == 0 ? (window.TotalMinutes, "m")
            : (window.TotalSeconds, "s");
        return string.Create(CultureInfo.InvariantCulture, $"{count:0.###}{unit}");
    }
}
