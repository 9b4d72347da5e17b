namespace Observability.Alerting;

/// <summary>Options of the detector of unusual counter rates.</summary>
public sealed class RateAnomalyOptions
{
    /// <summary>How often to look: one row each time.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How a row is scored. A day of rows is remembered, and two hours of quiet follow an alarm.</summary>
    public SeriesAnomalyOptions Series { get; set; } = new() { MemoryRows = 1_440, QuietRows = 120 };

    /// <summary>How many rows an alarm stays, so that a person can see it.</summary>
    public int ShownRows { get; set; } = 10;

    /// <summary>Most series watched: each holds about 250 kB.</summary>
    public int MaxSeries { get; set; } = 1_000;

    /// <summary>A series that is missing for this long is forgotten with all it has learned.</summary>
    public TimeSpan ForgetAfter { get; set; } = TimeSpan.FromHours(6);

    /// <summary>How often a firing alert is posted again.</summary>
    public TimeSpan ResendDelay { get; set; } = TimeSpan.FromMinutes(1);
}
