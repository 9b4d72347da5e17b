namespace Observability.Model;

/// <summary>How a rule or detector came to stand where it stands: its beginning, a promotion, a demotion, or the proposal of one.</summary>
public sealed record StandingChange
{
    /// <summary>Which one.</summary>
    public required RuleId Rule { get; init; }

    /// <summary>Where it stood; null for one that had not fired before.</summary>
    public Standing? From { get; init; }

    /// <summary>Where it stands now; for a proposal, where it would.</summary>
    public required Standing To { get; init; }

    /// <summary>True where only a person may do it and is asked to.</summary>
    public bool IsProposal { get; init; }

    /// <summary>True where measured precision changes nothing until a person takes the pin away.</summary>
    public bool IsPinned { get; init; }

    /// <summary>What the rule itself says with a label or annotation <c>standing</c>; null where it says nothing.</summary>
    public Standing? Declared { get; init; }

    /// <summary>The firings it was decided by.</summary>
    public RuleRecord Record { get; init; } = RuleRecord.Empty;

    /// <summary>Why, as a sentence with its numbers.</summary>
    public required string Reason { get; init; }

    /// <summary>Who: a person, or <c>platform</c>.</summary>
    public required string By { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}
