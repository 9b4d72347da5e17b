using Observability.Model;

namespace Observability.Alerting;

/// <summary>Options of rule evaluation.</summary>
public sealed class RuleOptions
{
    /// <summary>Interval of a group that states none. At a 10 s scrape a fault is visible within 20 s.</summary>
    public TimeSpan DefaultInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a firing alert is posted again; its end is then four times this (or the interval) away.</summary>
    public TimeSpan ResendDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Most alerts or series of one rule whose group states no limit.</summary>
    public int MaxResultsPerRule { get; set; } = 20_000;

    /// <summary>Most groups that are evaluated at the same time.</summary>
    public int Concurrency { get; set; } = Environment.ProcessorCount;

    /// <summary>Rules whose <c>for</c> is at least this long get their pending time back after a restart.</summary>
    public TimeSpan ForGracePeriod { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A longer outage than this starts every pending time anew.</summary>
    public TimeSpan OutageTolerance { get; set; } = TimeSpan.FromHours(1);

    /// <summary>What templates see as <c>$externalLabels</c>.</summary>
    public LabelSet ExternalLabels { get; set; } = LabelSet.Empty;

    /// <summary>What templates see as <c>$externalURL</c>, and the front of links back to the rule.</summary>
    public string ExternalUrl { get; set; } = "";
}
