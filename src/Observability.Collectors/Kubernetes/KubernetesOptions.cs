using System.Collections.Immutable;

namespace Observability.Collectors;

/// <summary>How a cluster is read.</summary>
public sealed class KubernetesOptions
{
    /// <summary>Labels that name racks and switches, the nearest to the node first.</summary>
    public ImmutableArray<KubernetesTier> Tiers { get; set; } = [];

    /// <summary>Whether job objects are followed besides nodes and pods.</summary>
    public bool Jobs { get; set; } = true;

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
