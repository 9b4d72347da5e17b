namespace Observability.Metrics;

/// <summary>How the remote engine reaches its server.</summary>
public sealed class RemoteQueryOptions
{
    /// <summary>Path before <c>api/v1</c>, relative to the client's base address, ending in a slash; for example <c>prometheus/</c>.</summary>
    public string PathPrefix { get; set; } = "";

    /// <summary>Longest answer accepted.</summary>
    public long MaxResponseBytes { get; set; } = 256L * 1024 * 1024;
}
