using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Metrics;

/// <summary>Functions that map each sample on its own.</summary>
internal static class InstantFunctions
{
    /// <summary>The value of a one-argument function; null where the name is none of them.</summary>
    public static Func<double, double>? Find(string name) => name switch
    {
        "abs" => Math.Abs,
        "ceil" => Math.Ceiling,
        "floor" => Math.Floor,
        "exp" => Math.Exp,
        "ln" => Math.Log,
        "log2" => Math.Log2,
        "log10" => Math.Log10,
        "sqrt" => Math.Sqrt,
        "sgn" => value => value > 0 ? 1 : value < 0 ? -1 : value,
        "sin" => Math.Sin,
        "cos" => Math.Cos,
        "tan" => Math.Tan,
        "asin" => Math.Asin,
        "acos" => Math.Acos,
        "atan" => Math.Atan,
        "sinh" => Math.Sinh,
        "cosh" => Math.Cosh,
        "tanh" => Math.Tanh,
        "asinh" => Math.Asinh,
        "acosh" => Math.Acosh,
        "atanh" => Math.Atanh,
        "deg" => value => value * 180 / Math.PI,
        "rad" => value => value * Math.PI / 180,
        "minute" => value => Date(value).Minute,
        "hour" => value => Date(value).Hour,
        "day_of_month" => value => Date(value).Day,
        "day_of_week" => value => (int)Date(value).DayOfWeek,
        "day_of_year" => value => Date(value).DayOfYear,
        "days_in_month" => value => DateTime.DaysInMonth(Date(value).Year, Date(value).Month),
        "month" => value => Date(value).Month,
        "year" => value => Date(value).Year,
        _ => null,
    };

    /// <summary><c>label_replace(v, dst, replacement, src, regex)</c>.</summary>
    public static LabelSet Replace(LabelSet labels, string target, string replacement, string source, string pattern)
    {
        Match match;
        try
        {
            match = Regex.Match(labels[source], $"^(?s:{pattern})$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception fault) when (fault is RegexParseException or NotSupportedException)
        {
            throw new QueryFailureException("execution", $"invalid regular expression in label_replace(): {pattern}: {fault.Message}");
        }

        return match.Success ? labels.With(target, match.Result(replacement)) : labels;
    }

    private static DateTime Date(double seconds) =>
        DateTimeOffset.FromUnixTimeSeconds((long)Math.Clamp(seconds, -62_135_596_800, 253_402_300_799)).UtcDateTime;
}
