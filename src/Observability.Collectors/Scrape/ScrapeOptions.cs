namespace Observability.Collectors;

/// <summary>How targets are scraped.</summary>
public sealed class ScrapeOptions
{
    /// <summary>Time between two scrapes of a target.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one scrape may take, on the wall clock.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// How long a step waits for its slowest target. A late answer is handed on with the next step. Equal to
    /// <see cref="Timeout"/> or longer, every step is complete, so that results do not depend on the machine's speed.
    /// </summary>
    public TimeSpan StepPatience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A sample whose exporter says that it is older than this is not taken for what is now: it is counted, and where a whole answer is as old
    /// the scrape has failed. Series of another Prometheus (<c>honor_labels</c>) are as old as its own interval and exempt.
    /// </summary>
    public TimeSpan LateAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Scrapes at the same time.</summary>
    public int Concurrency { get; set; } = 32;

    /// <summary>Most samples a target may give; one more fails the scrape.</summary>
    public int SampleLimit { get; set; } = 100_000;

    /// <summary>Most labels of a series, its name and the target's own included; one more fails the scrape. 0 for no limit.</summary>
    public int LabelLimit { get; set; }

    /// <summary>Longest label name in bytes; a longer one fails the scrape. 0 for no limit.</summary>
    public int LabelNameLengthLimit { get; set; }

    /// <summary>Longest label value in bytes, the metric name included; a longer one fails the scrape. 0 for no limit.</summary>
    public int LabelValueLengthLimit { get; set; }

    /// <summary>Relabelling of every scraped series, its target's labels included; a series of which nothing is left is not kept.</summary>
    public IReadOnlyList<RelabelRule> MetricRelabel { get; set; } = [];

    /// <summary>Most targets of one source; where there are more, none of them is scraped and all are down. 0 for no limit.</summary>
    public int TargetsPerSourceLimit { get; set; }

    /// <summary>Most bytes of a body after decompression; one more fails the scrape.</summary>
    public long BodyLimitBytes { get; set; } = 64L * 1_024 * 1_024;

    /// <summary>Most targets; further ones are refused.</summary>
    public int TargetLimit { get; set; } = 50_000;

    /// <summary>Time between two reads of a service-discovery URL.</summary>
    public TimeSpan DiscoveryInterval { get; set; } = TimeSpan.FromSeconds(30);
}
