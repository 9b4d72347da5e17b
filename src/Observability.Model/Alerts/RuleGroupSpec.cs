using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>A group of rules that are evaluated together, in order.</summary>
public sealed record RuleGroupSpec
{
    /// <summary>Name, unique within its file.</summary>
    public required string Name { get; init; }

    /// <summary>How often; null for the global interval.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>How far in the past to evaluate.</summary>
    public TimeSpan QueryOffset { get; init; }

    /// <summary>Most alerts or series a rule may give; 0 for no limit.</summary>
    public int Limit { get; init; }

    /// <summary>Labels added to every rule of the group.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>The rules, in order.</summary>
    public required ImmutableArray<RuleSpec> Rules { get; init; }

    /// <summary>Where it is written.</summary>
    public required SourceLine Source { get; init; }
}
