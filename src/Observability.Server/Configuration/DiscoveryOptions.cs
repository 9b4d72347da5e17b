using System.ComponentModel.DataAnnotations;

namespace Observability.Server;

/// <summary>A discovery of targets as Prometheus has it, with relabelling.</summary>
public sealed class DiscoveryOptions
{
    /// <summary>Files, names of DNS, or a cluster.</summary>
    public DiscoveryKind Kind { get; set; }

    /// <summary>
    /// A file or pattern for <c>file</c>, a name for <c>dns</c>, the URL of an API server for <c>kubernetes</c>, where empty means the cluster
    /// of <c>collect.kubernetes</c>.
    /// </summary>
    public string Location { get; set; } = "";

    /// <summary>The job of its targets, before relabelling.</summary>
    [Required]
    public string Job { get; set; } = "";

    /// <summary>For <c>dns</c> A, AAAA or SRV; for <c>kubernetes</c> pod, endpoints or node.</summary>
    public string Role { get; set; } = "";

    /// <summary>Port of targets that are found by address.</summary>
    [Range(1, 65_535)]
    public int Port { get; set; } = 9_100;

    /// <summary>File that holds the bearer token of the API server.</summary>
    [Secret]
    public string TokenFile { get; set; } = "";

    /// <summary>Relabelling rules, in order.</summary>
    public List<RelabelOptions> Relabel { get; set; } = [];
}
