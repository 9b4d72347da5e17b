using System.Text.Json.Serialization;

namespace Observability.Storage;

/// <summary>
/// The answer to a bulk request, one item per document in the order sent:
/// <c>{"took":3,"errors":true,"items":[{"index":{"_id":"a","status":201}},{"index":{"_id":"b","status":409,"error":{"type":"version_conflict_engine_exception","reason":"…"}}}]}</c>.
/// </summary>
internal sealed record BulkReply(
    [property: JsonPropertyName("errors")] bool Errors,
    [property: JsonPropertyName("items")] IReadOnlyList<BulkReply.Item>? Items)
{
    internal sealed record Item([property: JsonPropertyName("index")] Outcome? Index);

    internal sealed record Outcome(
        [property: JsonPropertyName("status")] int Status, [property: JsonPropertyName("error")] Failure? Error);

    internal sealed record Failure(
        [property: JsonPropertyName("type")] string? Type, [property: JsonPropertyName("reason")] string? Reason);
}
