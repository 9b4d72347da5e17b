using System.Text.Json;
using System.Text.Json.Serialization;

namespace Observability.Model;

/// <summary>Identity of an entity, written <c>kind:name</c>, for example <c>gpu:GPU-1d2…</c> or <c>nic:node-003/mlx5_2</c>.</summary>
[JsonConverter(typeof(JsonConverter))]
public readonly record struct EntityId(EntityKind Kind, string Name) : IComparable<EntityId>
{
    /// <summary>Reads <c>kind:name</c>; false where the kind is unknown or the name is empty.</summary>
    public static bool TryParse(string? text, out EntityId id)
    {
        id = default;
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon <= 0 || colon == text!.Length - 1
            || !Enum.TryParse<EntityKind>(text[..colon], ignoreCase: true, out var kind))
        {
            return false;
        }

        id = new EntityId(kind, text[(colon + 1)..]);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(EntityId other)
    {
        var byKind = Kind.CompareTo(other.Kind);
        return byKind != 0 ? byKind : string.CompareOrdinal(Name, other.Name);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Word(Kind)}:{Name}";

    public static bool operator <(EntityId left, EntityId right) => left.CompareTo(right) < 0;

    public static bool operator >(EntityId left, EntityId right) => left.CompareTo(right) > 0;

    public static bool operator <=(EntityId left, EntityId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(EntityId left, EntityId right) => left.CompareTo(right) >= 0;

#pragma warning disable CA1308 // the written form is lower case by definition
    private static string Word(EntityKind kind) => kind.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    private sealed class JsonConverter : JsonConverter<EntityId>
    {
        public override EntityId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var text = reader.GetString();
            return TryParse(text, out var id)
                ? id
                : throw new JsonException($"'{text}' is not an entity; write kind:name, for example node:node-001");
        }

        public override void Write(Utf8JsonWriter writer, EntityId value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
