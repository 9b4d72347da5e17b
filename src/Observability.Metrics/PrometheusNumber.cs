using System.Globalization;

namespace Observability.Metrics;

/// <summary>Numbers as Prometheus writes them: shortest form that reads back, <c>+Inf</c>, <c>-Inf</c>, <c>NaN</c>.</summary>
public static class PrometheusNumber
{
    /// <summary>Writes a number.</summary>
    public static string Format(double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "+Inf" : "-Inf";
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        if (e < 0)
            return text;
        // Go switches to exponents at 1e21; .NET at 1e15.
        if (Math.Abs(value) is >= 1e-4 and < 1e21)
            return ((decimal)Math.Abs(value) < 7.9e27m ? ((decimal)value).ToString(CultureInfo.InvariantCulture) : text);
        var digits = text[(e + 2)..];
        return $"{text[..e]}e{text[e + 1]}{(digits.Length == 1 ? "0" + digits : digits)}";
    }
}
