using System.Globalization;

namespace Observability.Alerting;

/// <summary>What <c>toDuration</c> gives; printed as Go does: <c>1h2m3.5s</c>, <c>250ms</c>.</summary>
internal sealed record TemplateDuration(double Seconds)
{
    public override string ToString()
    {
        var (sign, size) = (Seconds < 0 ? "-" : "", Math.Abs(Seconds));
        if (size == 0)
            return "0s";
        if (size < 1e-3)
            return size < 1e-6 ? $"{sign}{Show(size * 1e9)}ns" : $"{sign}{Show(size * 1e6)}µs";
        if (size < 1)
            return $"{sign}{Show(size * 1e3)}ms";
        var minutes = (long)(size / 60);
        var rest = Show(size - (minutes * 60));
        return minutes >= 60 ? $"{sign}{minutes / 60}h{minutes % 60}m{rest}s" : minutes > 0 ? $"{sign}{minutes}m{rest}s" : $"{sign}{rest}s";
    }

    private static string Show(double value) => Math.Round(value, 9).ToString("0.#########", CultureInfo.InvariantCulture);
}
