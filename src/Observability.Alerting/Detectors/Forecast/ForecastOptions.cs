namespace Observability.Alerting;

/// <summary>Options of the forecast.</summary>
public sealed class ForecastOptions
{
    /// <summary>How often to look: one point of the trend each time.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Points of the trend: five hours of them.</summary>
    public int Points { get; set; } = 60;

    /// <summary>Fewest points before anything is foretold: an hour of them.</summary>
    public int FewestPoints { get; set; } = 12;

    /// <summary>How far ahead to look. A trend is not trusted further than this many times its own length …</summary>
    public double HorizonLengths { get; set; } = 4;

    /// <summary>… nor further than this.</summary>
    public TimeSpan Horizon { get; set; } = TimeSpan.FromDays(1);

    /// <summary>In how many looks in a row the limit must be foretold, or no longer be, before an alert starts or ends.</summary>
    public int ConsecutiveRuns { get; set; } = 3;

    /// <summary>Most series watched.</summary>
    public int MaxSeries { get; set; } = 50_000;

    /// <summary>A series that is missing for this long is forgotten, and its alert ended.</summary>
    public TimeSpan ForgetAfter { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How often a firing alert is posted again.</summary>
    public TimeSpan ResendDelay { get; set; } = TimeSpan.FromMinutes(1);
}
