using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>A Markdown file that people read and the engine runs.</summary>
public sealed record Runbook
{
    /// <summary>File name without extension.</summary>
    public required string Id { get; init; }

    /// <summary>Its heading.</summary>
    public required string Title { get; init; }

    /// <summary>When it offers itself.</summary>
    public required RunbookTrigger Trigger { get; init; }

    /// <summary>The most it may do by itself; the configuration may lower it, never raise it.</summary>
    public required Strategy MaximumStrategy { get; init; }

    /// <summary><c>low</c>, <c>medium</c> or <c>high</c>: how much a wrong run costs.</summary>
    public required string Risk { get; init; }

    /// <summary>PromQL conditions that must give a non-empty, non-zero answer before the first step; with a sentence each.</summary>
    public ImmutableArray<RunbookCheck> Preconditions { get; init; } = [];

    /// <summary>The steps, in order.</summary>
    public required ImmutableArray<RunbookStep> Steps { get; init; }

    /// <summary>Checks that must hold for <see cref="Soak"/> before the target returns to service.</summary>
    public ImmutableArray<RunbookCheck> Verification { get; init; } = [];

    /// <summary>How long the verification must hold.</summary>
    public TimeSpan Soak { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Steps after a passed verification: the return to service.</summary>
    public ImmutableArray<RunbookStep> Return { get; init; } = [];

    /// <summary>Steps that undo what was done, when a step failed or the run was aborted.</summary>
    public ImmutableArray<RunbookStep> Rollback { get; init; } = [];

    /// <summary>Who is told when it fails or takes longer than it should.</summary>
    public string Escalation { get; init; } = "";

    /// <summary>How long a hold lasts at most before a person must renew it.</summary>
    public TimeSpan HoldExpiry { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The text for people.</summary>
    public string Body { get; init; } = "";

    /// <summary>Where it is written.</summary>
    public required SourceLine Source { get; init; }
}
