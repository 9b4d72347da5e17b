using System.Text.Json;
using System.Text.Json.Serialization;

namespace Observability.Model;

/// <summary>
/// What raises alerts of one name, written <c>origin/name</c>, for example <c>rule/GpuThermalThrottle</c> or <c>detector/OpticFades</c>.
/// </summary>
[JsonConverter(typeof(JsonConverter))]
public readonly record struct RuleId(AlertOrigin Origin, string Name) : IComparable<RuleId>
{
    /// <summary>The rule or detector behind an alert.</summary>
    public static RuleId Of(Alert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return new RuleId(alert.Origin, alert.Name);
    }

    /// <summary>Reads <c>origin/name</c>; false where the origin is unknown or the name is empty.</summary>
    public static bool TryParse(string? text, out RuleId id)
    {
        id = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash <= 0 || slash == text!.Length - 1 || char.IsDigit(text[0]) || !Enum.TryParse<AlertOrigin>(text[..slash], ignoreCase: true, out var origin))
            return false;
        id = new RuleId(origin, text[(slash + 1)..]);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(RuleId other) => Origin == other.Origin ? string.CompareOrdinal(Name, other.Name) : Origin.CompareTo(other.Origin);

    /// <inheritdoc/>
    public override string ToString() => $"{Word(Origin)}/{Name}";

    public static bool operator <(RuleId left, RuleId right) => left.CompareTo(right) < 0;

    public static bool operator >(RuleId left, RuleId right) => left.CompareTo(right) > 0;

    public static bool operator <=(RuleId left, RuleId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RuleId left, RuleId right) => left.CompareTo(right) >= 0;

#pragma warning disable CA1308 // the written form is lower case by definition
    private static string Word(AlertOrigin origin) => origin.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    private sealed class JsonConverter : JsonConverter<RuleId>
    {
        public override RuleId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var text = reader.GetString();
            return TryParse(text, out var id) ? id : throw new JsonException($"'{text}' is not a rule; write origin/name, for example rule/GpuThermalThrottle");
        }

        public override void Write(Utf8JsonWriter writer, RuleId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
