using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Observability.Collectors;

/// <summary>
/// JSON from outside whose strings can all be read. A parser takes bytes that are no UTF-8 and escapes that are half a character
/// (<c>"\ud800"</c>) for JSON and fails only when somebody asks for the string; here they become U+FFFD before it is parsed, so that one odd
/// string costs no more than itself.
/// </summary>
internal static class JsonText
{
    /// <summary>Parses a document.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json, JsonDocumentOptions options = default) =>
        IsReadable(json.Span) ? JsonDocument.Parse(json, options) : JsonDocument.Parse(Readable(json.Span).ToArray(), options);

    /// <summary>Parses a document.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonDocument Parse(string json, JsonDocumentOptions options = default) => Parse(Encoding.UTF8.GetBytes(json), options);

    /// <summary>The same bytes where every string can be read; otherwise a mended copy.</summary>
    public static ReadOnlySpan<byte> Readable(ReadOnlySpan<byte> json)
    {
        if (IsReadable(json))
            return json;
        var mended = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        MendSurrogates(mended);
        return mended;
    }

    private static bool IsReadable(ReadOnlySpan<byte> json) =>
        Utf8.IsValid(json) && json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0;

    private static void MendSurrogates(Span<byte> json)
    {
        for (var at = 0; at < json.Length; at++)
        {
            if (json[at] != (byte)'\\')
                continue;
            if (Unit(json[at..]) is not { } unit)
            {
                at++;
                continue;
            }

            var paired = char.IsHighSurrogate(unit) && json.Length > at + 6 && Unit(json[(at + 6)..]) is { } low && char.IsLowSurrogate(low);
            if (char.IsSurrogate(unit) && !paired)
                "FFFD"u8.CopyTo(json[(at + 2)..]);
            at += paired ? 11 : 5;
        }
    }

    // The code unit of \uXXXX at the beginning; null where something else stands there.
    private static char? Unit(ReadOnlySpan<byte> json) =>
        json.Length >= 6 && json[0] == (byte)'\\' && json[1] == (byte)'u'
        && ushort.TryParse(json.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;
}
