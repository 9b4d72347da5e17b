using Observability.Model;

namespace Observability.Response;

/// <summary>How far the platform may go, and how much at once.</summary>
public sealed class ResponseOptions
{
    /// <summary>Strategy for hardware verdicts at or above <see cref="MinimumConfidence"/>; default observe.</summary>
    public Strategy Hardware { get; set; } = Strategy.Observe;

    /// <summary>Strategy for everything else; default observe.</summary>
    public Strategy Otherwise { get; set; } = Strategy.Observe;

    /// <summary>Confidence from which <see cref="Hardware"/> applies, in [0, 1].</summary>
    public double MinimumConfidence { get; set; } = 0.9;

    /// <summary>Most nodes held at once in the fleet.</summary>
    public int MaximumHeldNodes { get; set; } = 8;

    /// <summary>Most nodes of one rack, and of one job, held at once.</summary>
    public int MaximumHeldPerScope { get; set; } = 2;

    /// <summary>Most runs that act within an hour.</summary>
    public int ActionsPerHour { get; set; } = 30;

    /// <summary>How long an approval may be waited for.</summary>
    public TimeSpan ApprovalExpiry { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Longest time a run may wait for a budget.</summary>
    public TimeSpan BudgetExpiry { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Longest time a step may answer "not yet".</summary>
    public TimeSpan NotYetLimit { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Time between two looks at something that is not yet so.</summary>
    public TimeSpan Recheck { get; set; } = TimeSpan.FromSeconds(15);
}
