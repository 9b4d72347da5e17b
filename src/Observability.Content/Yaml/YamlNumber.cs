using System.Globalization;

namespace Observability.Content;

/// <summary>Numbers as YAML 1.1 and Prometheus write them: <c>1</c>, <c>1e-3</c>, <c>.inf</c>, <c>-Inf</c>, <c>NaN</c>, <c>0x1f</c>.</summary>
internal static class YamlNumber
{
    public static bool TryParse(string text, out double number)
    {
        var body = text.TrimStart('+', '-');
        var sign = text.StartsWith('-') ? -1 : 1;
        if (text.Length - body.Length > 1)
        {
            number = 0;
            return false;
        }

        switch (body.TrimStart('.').ToUpperInvariant())
        {
            case "INF":
                number = sign * double.PositiveInfinity;
                return true;
            case "NAN":
                number = double.NaN;
                return true;
            case var hex when hex.StartsWith("0X", StringComparison.Ordinal):
                var read = long.TryParse(hex.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var whole);
                number = sign * whole;
                return read;
            default:
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
        }
    }
}
