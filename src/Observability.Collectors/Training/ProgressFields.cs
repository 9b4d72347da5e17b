using System.Globalization;

namespace Observability.Collectors;

/// <summary>
/// The <c>key: value</c> lists of Megatron-LM, its forks, NeMo and nanotron. Keys differ between forks and versions, so that each
/// quantity is looked for under every name it has; what is under none is absent.
/// </summary>
internal sealed class ProgressFields
{
    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads fields between bars; a part without a colon is left out.</summary>
    public ProgressFields(string text)
    {
        foreach (var part in text.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = part.LastIndexOf(':');
            if (colon > 0)
                _fields[part[..colon].Trim()] = part[(colon + 1)..].Trim();
        }
    }

    /// <summary>The first of the keys that holds a number; null where none does.</summary>
    public double? Number(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (_fields.TryGetValue(key, out var text) && NumberOf(text) is { } number)
                return number;
        }

        return null;
    }

    /// <summary>Reads <c>4,376</c>, <c>1.249e+03</c>, <c>14.2K</c>, <c>112.9TFLOPS</c>; null for anything else and for what no gauge holds.</summary>
    public static double? NumberOf(string? text)
    {
        if (text is null)
            return null;
        var factor = 1d;
        var trimmed = text.EndsWith("TFLOPS", StringComparison.Ordinal) ? text[..^6] : text;
        if (trimmed.Length > 1 && "KMBT".IndexOf(trimmed[^1], StringComparison.Ordinal) is >= 0 and var power)
        {
            factor = Math.Pow(1_000, power + 1);
            trimmed = trimmed[..^1];
        }

        return double.TryParse(trimmed, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number)
            && Math.Abs(number) < 1e18 ? number * factor : null;
    }
}
