using Observability.Model;

namespace Observability.Response;

/// <summary>What the execution stage knows of one run; rebuilt by replaying its inputs.</summary>
internal sealed class Run
{
    private readonly Dictionary<string, int> _intents = new(StringComparer.Ordinal);

    public required RunbookExecution Execution { get; set; }

    public required Runbook Runbook { get; init; }

    /// <summary>The one intent whose outcome is awaited.</summary>
    public StepIntent? Pending { get; set; }

    /// <summary>Seconds the host has ticked since the intent. Downtime is not ticked, so a restart does not count as silence.</summary>
    public int PendingTicks { get; set; }

    public DateTimeOffset? NextAt { get; set; }

    public DateTimeOffset? StepStartedAt { get; set; }

    /// <summary>Failed attempts of the current step; "not yet" is none.</summary>
    public int Failures { get; set; }

    public bool PreconditionsHold { get; set; }

    public DateTimeOffset? VerifyingSince { get; set; }

    public DateTimeOffset? SoakedSince { get; set; }

    public bool IsVerified { get; set; }

    public bool IsAlarmed { get; set; }

    /// <summary>A step that may have changed the outside was intended.</summary>
    public bool HasActed { get; set; }

    /// <summary>A person said yes, and nothing was done since.</summary>
    public bool IsApproved { get; set; }

    public DateTimeOffset? AskedAt { get; set; }

    public bool IsOver { get; set; }

    public Rollback? Rollback { get; set; }

    /// <summary>Attempt numbers grow over re-checks and retries alike, so that no operation is ever intended twice.</summary>
    public int NextAttempt(string step) => _intents[step] = _intents.GetValueOrDefault(step) + 1;

    public void BeginStep() => (StepStartedAt, Failures) = (null, 0);
}
