namespace Observability.Metrics;

/// <summary>Limits of the series store.</summary>
public sealed class MetricsOptions
{
    /// <summary>Path of the database; empty keeps series in memory only.</summary>
    public string Path { get; set; } = "";

    /// <summary>How long samples are kept; default 15 days.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(15);

    /// <summary>Most series; default 5 million.</summary>
    public int MaximumSeries { get; set; } = 5_000_000;

    /// <summary>How far an instant selector looks back; default 5 minutes.</summary>
    public TimeSpan Lookback { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>True for the range boundaries of Prometheus 2.x, which include both ends.</summary>
    public bool LeftClosedRanges { get; set; }

    /// <summary>Step of a subquery that names none; default 1 minute.</summary>
    public TimeSpan DefaultStep { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Most samples a query may read; default 50 million.</summary>
    public long MaximumSamples { get; set; } = 50_000_000;
}
