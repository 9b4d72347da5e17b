using System.Text.Json;

namespace Observability.Collectors;

/// <summary>JSON from outside: files that hold one value, or one after the other as programs append them, and members that may be missing or of any kind.</summary>
internal static class JsonValues
{
    private const int ValueLimit = 1_000_000;

    /// <summary>Gives each value to the reader; what is wrong where the text stops being JSON, or an empty string. Values before it count.</summary>
    public static string Read(ReadOnlySpan<byte> bytes, Action<JsonElement> take)
    {
        bytes = JsonText.Readable(bytes);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowMultipleValues = true, AllowTrailingCommas = true });
        try
        {
            for (var i = 0; i < ValueLimit && reader.Read(); i++)
            {
                using var value = JsonDocument.ParseValue(ref reader);
                take(value.RootElement);
            }
        }
        catch (JsonException fault)
        {
            return $"not JSON after byte {reader.BytesConsumed}: {fault.Message}";
        }

        return "";
    }

    /// <summary>A member; undefined where there is none.</summary>
    public static JsonElement Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    /// <summary>A member as text, numbers included; empty where there is none.</summary>
    public static string Text(this JsonElement element, string name) => element.Get(name) switch
    {
        { ValueKind: JsonValueKind.String } text => SafeText(text),
        { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } other => other.GetRawText(),
        _ => "",
    };

    /// <summary>A member as a number; null where it is none.</summary>
    public static double? Number(this JsonElement element, string name)
    {
        var value = element.Get(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : null;
    }

    /// <summary>The items of a member that is a list.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Get(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    // A lone surrogate is JSON and no text.
    private static string SafeText(JsonElement text)
    {
        try
        {
            return text.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }
}
