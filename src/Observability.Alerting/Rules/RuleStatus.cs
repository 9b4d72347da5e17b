using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>One rule as <c>/api/v1/rules</c> shows it.</summary>
public sealed record RuleStatus
{
    /// <summary>The rule as written.</summary>
    public required RuleSpec Rule { get; init; }

    /// <summary>Its labels with those of its group.</summary>
    public required LabelSet Labels { get; init; }

    /// <summary>Whether the last evaluation worked.</summary>
    public RuleHealth Health { get; init; }

    /// <summary>Why it did not; empty where it did.</summary>
    public string LastError { get; init; } = "";

    /// <summary>The worst state of its alerts; inactive for a recording rule.</summary>
    public RuleState State { get; init; }

    /// <summary>Its pending and firing alerts.</summary>
    public ImmutableArray<ActiveAlert> Alerts { get; init; } = [];

    /// <summary>The time of the last evaluation; null before the first.</summary>
    public DateTimeOffset? LastEvaluation { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan EvaluationTime { get; init; }

    /// <summary>How often it failed since it was loaded.</summary>
    public long Failures { get; init; }
}
