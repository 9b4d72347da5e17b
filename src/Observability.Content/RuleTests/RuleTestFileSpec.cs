using System.Collections.Immutable;

namespace Observability.Content;

/// <summary>A file of rule unit tests, as <c>promtool test rules</c> reads it.</summary>
public sealed record RuleTestFileSpec
{
    /// <summary>Rule files relative to this one; globs are allowed.</summary>
    public required ImmutableArray<string> RuleFiles { get; init; }

    /// <summary>How often the groups are evaluated.</summary>
    public required TimeSpan EvaluationInterval { get; init; }

    /// <summary>Names of groups in the order to evaluate them; empty for the order of the files.</summary>
    public ImmutableArray<string> GroupEvaluationOrder { get; init; } = [];

    /// <summary>Compare values up to the last bit of the mantissa.</summary>
    public bool FuzzyCompare { get; init; }

    /// <summary>The tests.</summary>
    public required ImmutableArray<RuleTestSpec> Tests { get; init; }
}
