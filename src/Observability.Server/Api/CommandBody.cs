using Observability.Model;

namespace Observability.Server;

/// <summary>What a command over REST may say beside its path.</summary>
internal sealed record CommandBody
{
    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>A note's text.</summary>
    public string? Text { get; init; }

    /// <summary>Who an incident is given to.</summary>
    public string? Assignee { get; init; }

    /// <summary>Which hold to release.</summary>
    public string? Hold { get; init; }

    /// <summary>False for noise.</summary>
    public bool? Useful { get; init; }

    /// <summary>The real culprit, as <c>kind:name</c>.</summary>
    public EntityId? TrueCause { get; init; }

    /// <summary>Where a rule shall stand: shadow or live.</summary>
    public Standing? To { get; init; }

    /// <summary>True to keep it there whatever is measured.</summary>
    public bool? Pin { get; init; }

    /// <summary>True to see what a runbook would do.</summary>
    public bool? DryRun { get; init; }
}
