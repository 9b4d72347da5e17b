namespace Observability.Slos;

/// <summary>Options of the SLO engine.</summary>
public sealed class SloOptions
{
    /// <summary>How often SLOs are measured.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Length of a bucket of the running sums; time-slice SLOs use their slice.</summary>
    public TimeSpan Bucket { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Length of a bucket where the window is longer than <see cref="LongWindow"/>, to bound memory.</summary>
    public TimeSpan LongBucket { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Windows longer than this use <see cref="LongBucket"/>.</summary>
    public TimeSpan LongWindow { get; set; } = TimeSpan.FromDays(35);

    /// <summary>Series whose last counter value is remembered, per query; more are refused and counted.</summary>
    public int MaximumSeries { get; set; } = 100_000;

    /// <summary>A counter not seen for this long is forgotten; what it counted meanwhile is not.</summary>
    public TimeSpan ForgetCounterAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Exclusions per SLO; more are refused.</summary>
    public int MaximumExclusions { get; set; } = 1000;

    /// <summary>Share of the budget that must be left before a gate that closed opens again.</summary>
    public double GateReopensAt { get; set; } = 0.05;
}
