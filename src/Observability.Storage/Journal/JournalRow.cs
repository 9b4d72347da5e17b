using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Observability.Model;

namespace Observability.Storage;

/// <summary>
/// A record as it lies in the file. The body is one JSON object, for example
/// <c>{"entry":"engine_started","epoch":3,"version":"0.1.0"}</c>; enums are written by name, so that inserting one
/// does not change the meaning of what was written before.
/// </summary>
internal readonly record struct JournalRow(long Sequence, long Epoch, long AtTicks, byte[] Body, long Checksum)
{
    // Reflection and not a source-generated context: identities keep their converter private to the model.
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        AllowOutOfOrderMetadataProperties = true,
        MaxDepth = 128,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static JournalRow Of(JournalRecord record)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(record.Entry, Json);
        var row = new JournalRow(record.Sequence, record.Epoch, record.At.UtcTicks, body, 0);
        return row with { Checksum = row.ComputeChecksum() };
    }

    /// <summary>The record, or why there is none.</summary>
    public JournalRecord? Read(out string reason)
    {
        reason = "";
        if (ComputeChecksum() != Checksum)
        {
            reason = $"checksum is {Checksum:x16}, the bytes give {ComputeChecksum():x16}";
            return null;
        }

        try
        {
            var entry = JsonSerializer.Deserialize<JournalEntry>(Body, Json);
            if (entry is not null)
                return new JournalRecord(Sequence, Epoch, new DateTimeOffset(AtTicks, TimeSpan.Zero), entry);
            reason = "the body is null";
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            reason = $"the body cannot be read, written by a newer version? {e.Message}";
        }

        return null;
    }

    // The first 8 bytes of SHA-256: an accident never goes unseen, and the processor has instructions for it.
    private long ComputeChecksum()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> head = stackalloc byte[24];
        BinaryPrimitives.WriteInt64BigEndian(head, Sequence);
        BinaryPrimitives.WriteInt64BigEndian(head[8..], Epoch);
        BinaryPrimitives.WriteInt64BigEndian(head[16..], AtTicks);
        hash.AppendData(head);
        hash.AppendData(Body);
        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadInt64BigEndian(digest);
    }
}
