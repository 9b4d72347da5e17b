using System.ComponentModel.DataAnnotations;
using Observability.Model;

namespace Observability.Server;

/// <summary>How far the platform may go.</summary>
public sealed class ResponseOptionsSection
{
    /// <summary>Strategy for hardware verdicts at or above <see cref="MinimumConfidence"/>.</summary>
    public Strategy Hardware { get; set; } = Strategy.Observe;

    /// <summary>Strategy for everything else.</summary>
    public Strategy Otherwise { get; set; } = Strategy.Observe;

    /// <summary>Confidence from which <see cref="Hardware"/> applies, in [0, 1].</summary>
    [Range(0.0, 1.0)]
    public double MinimumConfidence { get; set; } = 0.9;

    /// <summary>URL of the Kubernetes API; empty to use the kubeconfig.</summary>
    [HttpUrl]
    public string KubernetesUrl { get; set; } = "";

    /// <summary>Path of a kubeconfig; empty, together with an empty URL, for no Kubernetes.</summary>
    public string Kubeconfig { get; set; } = "";

    /// <summary>Most nodes held at once, in the whole fleet.</summary>
    [Range(0, 100_000)]
    public int MaximumHeldNodes { get; set; } = 8;

    /// <summary>Most actions that start within an hour.</summary>
    [Range(0, 100_000)]
    public int ActionsPerHour { get; set; } = 30;
}
