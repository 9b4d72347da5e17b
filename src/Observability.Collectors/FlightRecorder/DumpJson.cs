using System.Text.Json;

namespace Observability.Collectors;

/// <summary>JSON as the values that <see cref="PickleReader"/> gives for a pickle, so that both kinds of dump are read by one reader.</summary>
internal static class DumpJson
{
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static object? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        reader.Read();
        var value = Value(ref reader);
        return reader.Read() ? throw new JsonException("more than one value") : value;
    }

    // The reader itself refuses more than 64 levels.
    private static object? Value(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var key = reader.GetString()!;
                    reader.Read();
                    fields[key] = Value(ref reader);
                }

                return fields;
            case JsonTokenType.StartArray:
                var list = new List<object?>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    list.Add(Value(ref reader));
                return list;
            case JsonTokenType.String:
                return reader.GetString();
            case JsonTokenType.Number:
                return reader.TryGetInt64(out var whole) ? (object)whole : reader.GetDouble();
            case JsonTokenType.True:
                return true;
            case JsonTokenType.False:
                return false;
            default:
                return null;
        }
    }
}
