namespace Observability.Alerting;

/// <summary>Options of the slow step detector.</summary>
public sealed class SlowStepOptions
{
    /// <summary>How often to look: a fraction of a step, so that each step is seen when it is told.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Slow steps in a row that make a job slow, and usual ones in a row that end it. One step in two hundred is long by itself (facts on published
    /// failures, section 5): two in a row come every few days in a job, three once in a year.
    /// </summary>
    public int Steps { get; set; } = 3;

    /// <summary>Usual steps that are compared with.</summary>
    public int ReferenceSteps { get; set; } = 120;

    /// <summary>Usual steps before which nothing is judged.</summary>
    public int MinReferenceSteps { get; set; } = 20;

    /// <summary>A slow step takes more than this many times the median of the usual ones.</summary>
    public double Ratio { get; set; } = 1.1;

    /// <summary>And is further above it than this many robust standard deviations.</summary>
    public double Deviations { get; set; } = 5;

    /// <summary>A job that was slow for this many steps has a new usual pace, and the alert ends.</summary>
    public int AcceptSteps { get; set; } = 600;

    /// <summary>Most sources of step times watched; a job has one or a few.</summary>
    public int MaxSources { get; set; } = 20_000;

    /// <summary>A source that is missing for this long says nothing of its job any more.</summary>
    public TimeSpan EndAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A source that is missing for this long is forgotten: a restart must not take away what is usual.</summary>
    public TimeSpan ForgetAfter { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How often a firing alert is posted again.</summary>
    public TimeSpan ResendDelay { get; set; } = TimeSpan.FromMinutes(1);
}
