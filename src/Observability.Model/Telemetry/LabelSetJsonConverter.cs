using System.Text.Json;
using System.Text.Json.Serialization;

namespace Observability.Model;

/// <summary>Writes a label set as a JSON object of strings.</summary>
public sealed class LabelSetJsonConverter : JsonConverter<LabelSet>
{
    /// <inheritdoc/>
    public override LabelSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("labels must be an object of strings");
        var labels = new List<KeyValuePair<string, string>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw new JsonException($"label {name} must be a string");
            labels.Add(new(name, reader.GetString()!));
        }

        return LabelSet.From(labels);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, LabelSet value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, text) in value)
            writer.WriteString(name, text);
        writer.WriteEndObject();
    }
}
