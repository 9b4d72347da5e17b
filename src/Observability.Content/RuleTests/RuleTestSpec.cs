using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Content;

/// <summary>One test: series over time, and what must then hold.</summary>
public sealed record RuleTestSpec
{
    /// <summary>Its name; may be empty.</summary>
    public required string Name { get; init; }

    /// <summary>Time between two values of a series.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Time of the first value.</summary>
    public DateTimeOffset Start { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>The series.</summary>
    public ImmutableArray<InputSeries> Series { get; init; } = [];

    /// <summary>Labels that templates see as <c>$externalLabels</c>.</summary>
    public LabelSet ExternalLabels { get; init; } = LabelSet.Empty;

    /// <summary>What templates see as <c>$externalURL</c>.</summary>
    public string ExternalUrl { get; init; } = "";

    /// <summary>Which alerts must fire.</summary>
    public ImmutableArray<AlertExpectation> Alerts { get; init; } = [];

    /// <summary>What expressions must give.</summary>
    public ImmutableArray<ExpressionExpectation> Expressions { get; init; } = [];

    /// <summary>Where it is written.</summary>
    public required SourceLine Source { get; init; }
}
