namespace Observability.Metrics;

/// <summary>How the remote engine reaches its server.</summary>
public sealed class RemoteQueryOptions
{
    /// <summary>Path before <c>api/v1</c>, relative to the client's base address, ending in a slash; for example <c>prometheus/</c>.</summary>
    public string PathPrefix { get; set; } = "";

    /// <summary>Longest answer accepted.</summary>
    public long MaxResponseBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>
    /// How often a query is asked again where the server could not be reached, broke off, or answered 429, 502, 503 or 504. A server
    /// that stayed away through all of them is asked once per query until it answers again.
    /// </summary>
    public int MaxRetries { get; set; } = 2;

    /// <summary>Wait before the first repetition, doubled before each further one.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait before a repetition, whatever the server's <c>Retry-After</c> says.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(5);
}
