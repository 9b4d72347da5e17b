namespace Observability.Model;

/// <summary>One rule of a Prometheus rule file.</summary>
public sealed record RuleSpec
{
    /// <summary>Name of the alert or of the recorded series.</summary>
    public required string Name { get; init; }

    /// <summary>True for <c>alert:</c>, false for <c>record:</c>.</summary>
    public required bool IsAlert { get; init; }

    /// <summary>PromQL.</summary>
    public required string Expression { get; init; }

    /// <summary>How long the condition must hold.</summary>
    public TimeSpan For { get; init; }

    /// <summary>How long the alert keeps firing after the condition ended.</summary>
    public TimeSpan KeepFiringFor { get; init; }

    /// <summary>Labels to add; alert rules may use templates.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>Annotations, as templates.</summary>
    public LabelSet Annotations { get; init; } = LabelSet.Empty;

    /// <summary>Where it is written.</summary>
    public required SourceLine Source { get; init; }
}
