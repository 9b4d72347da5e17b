using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>One run of one runbook for one incident.</summary>
public sealed record RunbookExecution
{
    /// <summary><c>INC-000042/gpu-off-bus/1</c>: derived from what it is for, so that a replay finds it again.</summary>
    public required string Id { get; init; }

    /// <summary>The incident.</summary>
    public required string IncidentId { get; init; }

    /// <summary>The runbook.</summary>
    public required string RunbookId { get; init; }

    /// <summary>The culprit the verdict named.</summary>
    public required EntityId Target { get; init; }

    /// <summary>The node that actions apply to; null where there is none.</summary>
    public EntityId? Node { get; init; }

    /// <summary>How far it may go by itself.</summary>
    public required Strategy Strategy { get; init; }

    /// <summary>Where it stands.</summary>
    public required ExecutionState State { get; init; }

    /// <summary>Why it stands there, in a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was chosen.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Last change.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>All steps, those of the return included.</summary>
    public ImmutableArray<StepRecord> Steps { get; init; } = [];

    /// <summary>Who approved or rejected it.</summary>
    public string DecidedBy { get; init; } = "";
}
