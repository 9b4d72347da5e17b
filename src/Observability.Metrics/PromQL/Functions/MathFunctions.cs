namespace Observability.Metrics;

/// <summary>The functions of one number, and the parts of a Unix time in UTC.</summary>
internal static class MathFunctions
{
    private static readonly Dictionary<string, Func<double, double>> s_byName = new(StringComparer.Ordinal)
    {
        ["abs"] = Math.Abs,
        ["ceil"] = Math.Ceiling,
        ["floor"] = Math.Floor,
        ["exp"] = Math.Exp,
        ["ln"] = Math.Log,
        ["log2"] = Math.Log2,
        ["log10"] = Math.Log10,
        ["sqrt"] = Math.Sqrt,
        ["sgn"] = value => value > 0 ? 1 : value < 0 ? -1 : value,
        ["sin"] = Math.Sin,
        ["cos"] = Math.Cos,
        ["tan"] = Math.Tan,
        ["asin"] = Math.Asin,
        ["acos"] = Math.Acos,
        ["atan"] = Math.Atan,
        ["sinh"] = Math.Sinh,
        ["cosh"] = Math.Cosh,
        ["tanh"] = Math.Tanh,
        ["asinh"] = Math.Asinh,
        ["acosh"] = Math.Acosh,
        ["atanh"] = Math.Atanh,
        ["deg"] = value => value * 180 / Math.PI,
        ["rad"] = value => value * Math.PI / 180,
    };

    private static readonly Dictionary<string, Func<DateTimeOffset, double>> s_dateParts = new(StringComparer.Ordinal)
    {
        ["minute"] = time => time.Minute,
        ["hour"] = time => time.Hour,
        ["day_of_week"] = time => (int)time.DayOfWeek,
        ["day_of_month"] = time => time.Day,
        ["day_of_year"] = time => time.DayOfYear,
        ["days_in_month"] = time => DateTime.DaysInMonth(time.Year, time.Month),
        ["month"] = time => time.Month,
        ["year"] = time => time.Year,
    };

    public static Func<double, double>? Find(string name) => s_byName.GetValueOrDefault(name);

    public static Func<double, double>? FindDatePart(string name)
    {
        if (!s_dateParts.TryGetValue(name, out var part))
            return null;
        return seconds => IsInCalendar(seconds) ? part(DateTimeOffset.FromUnixTimeSeconds((long)seconds)) : double.NaN;
    }

    /// <summary>Halves go up; <paramref name="nearest"/> is the unit.</summary>
    public static double Round(double value, double nearest)
    {
        var inverse = 1.0 / nearest;
        return Math.Floor((value * inverse) + 0.5) / inverse;
    }

    private static bool IsInCalendar(double seconds) => seconds is > -62135596800 and < 253402300799;
}
