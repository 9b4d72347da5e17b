using System.Text.Json.Serialization;

namespace Observability.Storage;

/// <summary>
/// The line before each document:
/// <c>{"index":{"_index":"observability-alerts","_id":"1f","version":7,"version_type":"external_gte"}}</c>.
/// </summary>
internal sealed record BulkHeader([property: JsonPropertyName("index")] BulkHeader.Target Index)
{
    internal sealed record Target(
        [property: JsonPropertyName("_index")] string Index,
        [property: JsonPropertyName("_id")] string Id,
        [property: JsonPropertyName("version")] long Version,
        [property: JsonPropertyName("version_type")] string VersionType);
}
