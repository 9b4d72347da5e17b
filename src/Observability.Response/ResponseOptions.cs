using Observability.Model;

namespace Observability.Response;

/// <summary>How far the platform may go, and how much at once.</summary>
public sealed class ResponseOptions
{
    /// <summary>Strategy for hardware verdicts at or above <see cref="MinimumConfidence"/>; default observe.</summary>
    public Strategy Hardware { get; set; } = Strategy.Observe;

    /// <summary>Strategy for everything else but incidents of severity info, which are always observed; default observe.</summary>
    public Strategy Otherwise { get; set; } = Strategy.Observe;

    /// <summary>Confidence from which <see cref="Hardware"/> applies, in [0, 1].</summary>
    public double MinimumConfidence { get; set; } = 0.9;

    /// <summary>Most nodes held at once in the fleet.</summary>
    public int MaximumHeldNodes { get; set; } = 8;

    /// <summary>Largest share of the fleet's nodes held at once, in (0, 1]; one node is always allowed.</summary>
    public double MaximumHeldShare { get; set; } = 0.25;

    /// <summary>Most nodes of one rack, and of one job, held at once.</summary>
    public int MaximumHeldPerScope { get; set; } = 2;

    /// <summary>Most nodes below one switch held at once.</summary>
    public int MaximumHeldPerSwitch { get; set; } = 6;

    /// <summary>Most nodes held at once by one runbook: what a wrong rule can do.</summary>
    public int MaximumHeldPerCause { get; set; } = 6;

    /// <summary>Most runs that act within an hour.</summary>
    public int ActionsPerHour { get; set; } = 30;

    /// <summary>Most runs that act within an hour in one rack, below one switch, on one job, or of one runbook.</summary>
    public int ActionsPerScopeHour { get; set; } = 12;

    /// <summary>How often one runbook may be proposed for the same culprit of the same incident, after withdrawals.</summary>
    public int MaximumProposals { get; set; } = 3;

    /// <summary>Most runs that are under way at once; more are refused.</summary>
    public int MaximumRuns { get; set; } = 10_000;

    /// <summary>How long an approval may be waited for.</summary>
    public TimeSpan ApprovalExpiry { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Longest time a run may wait for a budget.</summary>
    public TimeSpan BudgetExpiry { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Longest time a step may answer "not yet".</summary>
    public TimeSpan NotYetLimit { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Longest time preconditions may take to hold: the fault's series may be younger than the verdict.</summary>
    public TimeSpan PreconditionLimit { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a verification may fail to hold before people are told; it goes on after that.</summary>
    public TimeSpan VerifyAlarm { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Time between two looks at something that is not yet so.</summary>
    public TimeSpan Recheck { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Wait before the second attempt of a failed step; doubled for each further one.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait between two attempts of a failed step.</summary>
    public TimeSpan MaximumRetryDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Time beyond a step's own time-out after which an outcome that never came counts as a failure.</summary>
    public TimeSpan LostAfter { get; set; } = TimeSpan.FromMinutes(2);
}
