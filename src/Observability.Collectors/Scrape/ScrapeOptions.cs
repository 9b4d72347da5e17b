namespace Observability.Collectors;

/// <summary>Limits of scraping.</summary>
public sealed class ScrapeOptions
{
    /// <summary>Time between two scrapes of a target; default 10 s.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a scrape may take; default 8 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Scrapes at the same time; default 32.</summary>
    public int Concurrency { get; set; } = 32;

    /// <summary>Most samples of a target; default 100,000.</summary>
    public int SampleLimit { get; set; } = 100_000;

    /// <summary>Largest body after decompression; default 64 MiB.</summary>
    public int MaximumBodyBytes { get; set; } = 64 * 1024 * 1024;
}
