using Observability.Model;

namespace Observability.Alerting;

/// <summary>How alerts leave for Alertmanagers. The numbers are those of Prometheus 3 (facts/alerting.md §1.7).</summary>
public sealed class AlertRelayOptions
{
    /// <summary>Alertmanagers; each gets every alert, since they tell each other only what they sent.</summary>
    public IReadOnlyList<Uri> Alertmanagers { get; set; } = [];

    /// <summary>True for an alert that stays here: one whose rule is not trusted yet must not page through another door. Ends are always told.</summary>
    public Func<Alert, bool> HoldsBack { get; set; } = static _ => false;

    /// <summary>Most alerts that wait; at the limit the oldest go and are counted.</summary>
    public int QueueCapacity { get; set; } = 10_000;

    /// <summary>Alerts in one POST.</summary>
    public int BatchSize { get; set; } = 256;

    /// <summary>How long one POST may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between two tellings of the same end.</summary>
    public TimeSpan ResendDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an end is told again.</summary>
    public TimeSpan ResolvedRetention { get; set; } = TimeSpan.FromMinutes(15);
}
