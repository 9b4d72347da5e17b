namespace Observability.Model;

/// <summary>Where a runbook execution stands. Every state has an exit.</summary>
public enum ExecutionState
{
    /// <summary>Recorded only: the strategy is observe.</summary>
    Observed,

    /// <summary>Told to people: the strategy is suggest.</summary>
    Suggested,

    /// <summary>Waits for a yes; expires.</summary>
    AwaitingApproval,

    /// <summary>Waits for a budget to free up.</summary>
    AwaitingBudget,

    /// <summary>Steps run.</summary>
    Running,

    /// <summary>Steps are done; the checks must hold for the soak time.</summary>
    Verifying,

    /// <summary>Done and verified, target returned where the runbook says so.</summary>
    Succeeded,

    /// <summary>A step failed; people were told.</summary>
    Failed,

    /// <summary>A person said no.</summary>
    Rejected,

    /// <summary>Nobody answered in time.</summary>
    Expired,

    /// <summary>The fault healed or the verdict changed before the action.</summary>
    Cancelled,

    /// <summary>A person stopped it.</summary>
    Aborted,

    /// <summary>A guard refused it; the reason is recorded.</summary>
    Refused,
}
