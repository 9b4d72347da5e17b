using System.ComponentModel.DataAnnotations;

namespace Observability.Server;

/// <summary>A fixed target.</summary>
public sealed class TargetOptions
{
    /// <summary>Where to scrape.</summary>
    [Required, HttpUrl]
    public string Url { get; set; } = "";

    /// <summary><c>dcgm</c>, <c>node</c> or another name.</summary>
    [Required]
    public string Job { get; set; } = "";

    /// <summary>The node it speaks for.</summary>
    public string Node { get; set; } = "";

    /// <summary>Whether labels that the target exposes go before these: for the <c>/federate</c> of another Prometheus.</summary>
    public bool HonorLabels { get; set; }
}
