using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Content;

/// <summary>
/// Expands the value notation of rule tests: <c>1 2+3x2 _ _x3 stale</c> is 1, then 2 5 8, then four times no sample, then the
/// end of the series. <c>a+bxn</c> gives n+1 values; <c>0x14</c> is 0 fifteen times, not a hexadecimal number.
/// </summary>
public static partial class SeriesValues
{
    /// <summary>Most values of one series.</summary>
    public const int Limit = 1_000_000;

    /// <summary>The values; null with the reason where the notation is wrong.</summary>
    public static ImmutableArray<double?>? TryExpand(string text, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        error = "";
        var values = ImmutableArray.CreateBuilder<double?>();
        foreach (var item in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Append(item, values))
            {
                error = item.StartsWith("{{", StringComparison.Ordinal)
                    ? $"'{item}' is a native histogram, which is not supported"
                    : $"'{item}' is not a value; use 1, 1+2x3, 1x3, _, _x3 or stale";
                return null;
            }

            if (values.Count > Limit)
            {
                error = $"'{item}' makes more than {Limit} values";
                return null;
            }
        }

        return values.ToImmutable();
    }

    private static bool Append(string item, ImmutableArray<double?>.Builder values)
    {
        if (item == "stale")
        {
            values.Add(StaleMarker.Value);
            return true;
        }

        var match = Item().Match(item);
        if (!match.Success)
            return false;
        var times = 0;
        if (match.Groups["times"] is { Success: true, ValueSpan: var digits } && !int.TryParse(digits, CultureInfo.InvariantCulture, out times))
            times = int.MaxValue;
        if (match.Groups["blank"].Success)
        {
            // _ is one missing sample, _x3 is three.
            var count = match.Groups["times"].Success ? times : 1;
            for (var i = 0; i < count && values.Count <= Limit; i++)
                values.Add(null);
            return true;
        }

        if (match.Groups["step"].Success && !match.Groups["times"].Success)
            return false;
        var value = Number(match.Groups["first"].Value);
        var step = match.Groups["step"].Success ? Number(match.Groups["step"].Value) : 0;
        // Added up and not multiplied, as Prometheus does it: the last bits of a fraction differ.
        for (var i = 0; i <= times && values.Count <= Limit; i++, value += step)
            values.Add(value);
        return true;
    }

    private static double Number(string text) => YamlNumber.TryParse(text, out var number) ? number : double.NaN;

    [GeneratedRegex(@"^(?:(?<blank>_)|(?<first>[+-]?(?:[0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?|[nN][aA][nN]|[iI][nN][fF]))(?<step>[+-](?:[0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?|[nN][aA][nN]|[iI][nN][fF]))?)(?:x(?<times>[0-9]+))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Item();
}
