using System.ComponentModel.DataAnnotations;
using Observability.Collectors;

namespace Observability.Server;

/// <summary>Something that is probed from outside.</summary>
public sealed class ProbeTargetOptions
{
    /// <summary>How it is probed.</summary>
    public ProbeKind Kind { get; set; }

    /// <summary>A URL for http, host:port for tcp, a host for icmp.</summary>
    [Required]
    public string Address { get; set; } = "";

    /// <summary>The job of its series.</summary>
    public string Job { get; set; } = "probe";

    /// <summary>The node it speaks for.</summary>
    public string Node { get; set; } = "";
}
