using System.Globalization;

namespace Observability.Collectors;

/// <summary>A span by the lower halves of its ids: both are random, so that two spans that are remembered at once do not share one.</summary>
internal readonly record struct SpanKey(ulong Trace, ulong Span)
{
    private const int Digits = 16;

    /// <summary>Reads hexadecimal ids, 16 and 8 bytes; null where one of them is not.</summary>
    public static SpanKey? Of(string trace, string span) =>
        trace.Length == 2 * Digits && span.Length == Digits
        && ulong.TryParse(trace.AsSpan(Digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var lower)
        && ulong.TryParse(span, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id)
            ? new SpanKey(lower, id) : null;
}
