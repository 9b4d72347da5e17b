namespace Observability.Model;

/// <summary>One step of a runbook.</summary>
public sealed record RunbookStep
{
    /// <summary>Name, unique in the runbook.</summary>
    public required string Id { get; init; }

    /// <summary>Which action: <c>kubernetes.cordon</c>, <c>kubernetes.taint</c>, <c>kubernetes.evict</c>, <c>kubernetes.uncordon</c>, <c>notify</c>, <c>wait</c>, <c>ask</c>, <c>verify</c>, <c>webhook</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The action's parameters, as written.</summary>
    public LabelSet Parameters { get; init; } = LabelSet.Empty;

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many attempts before the step has failed.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>Where it is written.</summary>
    public required SourceLine Source { get; init; }
}
