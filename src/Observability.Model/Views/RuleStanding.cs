namespace Observability.Model;

/// <summary>Where a rule or detector stands, as readers see it.</summary>
/// <param name="Last">What brought it there.</param>
/// <param name="Proposal">A change that waits for a person; null where none does.</param>
public sealed record RuleStanding(StandingChange Last, StandingChange? Proposal)
{
    /// <summary>The rule or detector.</summary>
    public RuleId Rule => Last.Rule;

    /// <summary>Where it stands.</summary>
    public Standing Standing => Last.To;

    /// <summary>The same after one more change: a proposal waits beside what is, anything else settles it.</summary>
    public static RuleStanding After(RuleStanding? before, StandingChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return change.IsProposal && before is not null ? before with { Proposal = change } : new RuleStanding(change, null);
    }
}
