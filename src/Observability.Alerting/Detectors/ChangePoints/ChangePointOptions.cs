namespace Observability.Alerting;

/// <summary>Options of the change point detector.</summary>
public sealed class ChangePointOptions
{
    /// <summary>How often to look.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Values of a job's steps that say what is usual for it.</summary>
    public int ReferenceSteps { get; set; } = 120;

    /// <summary>Steps after which a value counts among the usual ones: a change must be found before it is learned.</summary>
    public int DelaySteps { get; set; } = 40;

    /// <summary>
    /// Allowance of the cumulative sum, in robust standard deviations: half of the smallest lasting shift that is worth finding (Page, Biometrika 41 (1954), 100).
    /// </summary>
    public double Allowance { get; set; } = 0.75;

    /// <summary>Sum at which a change is found, in robust standard deviations: at this allowance noise alone takes some ten thousand steps to get there.</summary>
    public double Threshold { get; set; } = 10;

    /// <summary>One value counts at most this many deviations, so that a single outlier (a checkpoint, a slow step) is no change.</summary>
    public double Clip { get; set; } = 3;

    /// <summary>A change smaller than this share of the usual value is true perhaps, but nobody's concern.</summary>
    public double MinRatio { get; set; } = 0.03;

    /// <summary>The deviation is taken as at least this share of the usual value.</summary>
    public double DeviationFloorRatio { get; set; } = 0.005;

    /// <summary>A job that kept its new level for this many steps has a new usual value, and the alert ends.</summary>
    public int AcceptSteps { get; set; } = 600;

    /// <summary>Most series of jobs watched.</summary>
    public int MaxSeries { get; set; } = 20_000;

    /// <summary>A series that is missing for this long is forgotten, and its alert ended.</summary>
    public TimeSpan ForgetAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often a firing alert is posted again.</summary>
    public TimeSpan ResendDelay { get; set; } = TimeSpan.FromMinutes(1);
}
