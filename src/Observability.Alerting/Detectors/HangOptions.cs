namespace Observability.Alerting;

/// <summary>Options of the hang detector.</summary>
public sealed class HangOptions
{
    /// <summary>How often to look.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A job stands still when its step did not change for this many median step durations …</summary>
    public double StepDurations { get; set; } = 5;

    /// <summary>… and for at least this long. The training framework's own watchdog takes 10 minutes (facts/failures.md §5).</summary>
    public TimeSpan MinimumStall { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Hung ranks spin: the median utilisation of the job's GPUs must be at least this, in percent. A checkpoint pause or an ended job is below.</summary>
    public double MinUtilisationPercent { get; set; } = 80;

    /// <summary>How many recent step durations the median is taken of.</summary>
    public int DurationHistory { get; set; } = 31;

    /// <summary>Most jobs watched.</summary>
    public int MaxJobs { get; set; } = 10_000;

    /// <summary>A job without any series for this long is forgotten.</summary>
    public TimeSpan ForgetAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a firing alert is posted again.</summary>
    public TimeSpan ResendDelay { get; set; } = TimeSpan.FromMinutes(1);
}
