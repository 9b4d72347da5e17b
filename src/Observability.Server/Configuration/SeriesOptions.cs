using System.ComponentModel.DataAnnotations;

namespace Observability.Server;

/// <summary>Where series live.</summary>
public sealed class SeriesOptions
{
    /// <summary>How long samples are kept.</summary>
    [Duration("1h", "3650d")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(15);

    /// <summary>Most series; at the limit new ones are refused and counted.</summary>
    [Range(1_000, 100_000_000)]
    public int MaximumSeries { get; set; } = 5_000_000;

    /// <summary>A server that speaks the Prometheus HTTP API, asked in place of the embedded store; empty for the embedded one.</summary>
    [HttpUrl]
    public string RemoteUrl { get; set; } = "";
}
