using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>One rule group as <c>/api/v1/rules</c> shows it.</summary>
public sealed record RuleGroupStatus
{
    /// <summary>The group as written.</summary>
    public required RuleGroupSpec Group { get; init; }

    /// <summary>Its name.</summary>
    public string Name => Group.Name;

    /// <summary>The file it is written in.</summary>
    public string File => Group.Source.File;

    /// <summary>How often it is evaluated.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>The time of the last evaluation; null before the first.</summary>
    public DateTimeOffset? LastEvaluation { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan EvaluationTime { get; init; }

    /// <summary>Evaluations that were due and did not happen.</summary>
    public long MissedIterations { get; init; }

    /// <summary>Its rules, in order.</summary>
    public required ImmutableArray<RuleStatus> Rules { get; init; }
}
