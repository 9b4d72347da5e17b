using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Observability.Model;

namespace Observability.Storage;

/// <summary>The written form of journal entries: JSON with a type name, so that a person can read the audit trail.</summary>
public static class JournalJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Writes an entry as UTF-8 JSON.</summary>
    public static byte[] Write(JournalEntry entry) => JsonSerializer.SerializeToUtf8Bytes(entry, Options);

    /// <summary>Reads an entry; false, with the reason, where the text is not one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out JournalEntry? entry, out string fault)
    {
        (entry, fault) = (null, "");
        try
        {
            entry = JsonSerializer.Deserialize<JournalEntry>(json, Options);
        }
        catch (Exception broken) when (broken is JsonException or NotSupportedException or ArgumentException)
        {
            fault = broken.Message;
        }

        return entry is not null;
    }
}
