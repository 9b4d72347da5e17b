namespace Observability.Alerting;

/// <summary>Options of the peer comparison. The ratio and the count of three follow facts/failures.md §3 and §5.</summary>
public sealed class PeerOutlierOptions
{
    /// <summary>How often to compare.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A rank must be this many times as slow as the median of its job (or a GPU's value this much lower).</summary>
    public double Ratio { get; set; } = 1.08;

    /// <summary>… and this many median absolute deviations away from it.</summary>
    public double Deviations { get; set; } = 5;

    /// <summary>The deviation is taken as at least this share of the median, so that identical peers do not turn noise into outliers.</summary>
    public double DeviationFloorRatio { get; set; } = 0.002;

    /// <summary>In how many comparisons in a row the same rank must stand out.</summary>
    public int ConsecutiveRuns { get; set; } = 3;

    /// <summary>In how many comparisons in a row it must be back among its peers before the alert ends.</summary>
    public int RecoveredRuns { get; set; } = 3;

    /// <summary>With more outliers than this share (but at least one is allowed) the whole job is slow and no rank is named.</summary>
    public double MaxOutlierRatio { get; set; } = 0.05;

    /// <summary>Fewest peers to compare with.</summary>
    public int MinPeers { get; set; } = 4;

    /// <summary>An outlier whose series ended is forgotten, and its alert ended, after this time.</summary>
    public TimeSpan ForgetAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Most ranks that may be under suspicion at a time.</summary>
    public int MaxSuspects { get; set; } = 10_000;

    /// <summary>How often a firing alert is posted again.</summary>
    public TimeSpan ResendDelay { get; set; } = TimeSpan.FromMinutes(1);
}
