using System.Collections.Immutable;

namespace Observability.Collectors;

/// <summary>Which cluster is read, and how.</summary>
public sealed class KubernetesOptions
{
    /// <summary>URL of the API server; null for none.</summary>
    public Uri? Url { get; set; }

    /// <summary>File that holds the bearer token; read anew with every list, because tokens of service accounts expire. Empty for none.</summary>
    public string TokenFile { get; set; } = "";

    /// <summary>Labels that name racks and switches, the nearest to the node first.</summary>
    public ImmutableArray<KubernetesTier> Tiers { get; set; } = [];

    /// <summary>Time between two looks.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time after which everything is listed again, whatever the watch said.</summary>
    public TimeSpan ListInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long one request may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Objects of one page.</summary>
    public int PageSize { get; set; } = 500;

    /// <summary>Most bytes of one answer.</summary>
    public long BodyLimitBytes { get; set; } = 256L * 1_024 * 1_024;

    /// <summary>Most pages of one list.</summary>
    public int PageLimit { get; set; } = 1_000;
}
