using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>An answer: an object, or a list of objects when <see cref="Items"/> is set.</summary>
internal sealed record ApiResult(int Code, JsonObject Body)
{
    /// <summary>Objects of a list, in the form the request asked for; they belong to the store and are only read.</summary>
    public IReadOnlyList<JsonObject>? Items { get; init; }

    /// <summary>Seconds for a Retry-After header.</summary>
    public int? RetryAfterSeconds { get; init; }

    public bool Failed => Code >= 400;
}
