using System.Collections.Immutable;

namespace Observability.Incidents;

/// <summary>A copy of what the platform can learn from and compare with: labelled alerts by the time they fired, and the alerts of late with their scores.</summary>
public sealed record LearningData
{
    internal LearningData(ImmutableArray<LabelledAlert> labels, ImmutableArray<float[]> recent, ImmutableArray<double> scores) =>
        (Labels, Recent, Scores) = (labels, recent, scores);

    /// <summary>Nothing.</summary>
    public static LearningData Empty { get; } = new([], [], []);

    /// <summary>How many labels there are.</summary>
    public int Count => Labels.Length;

    internal ImmutableArray<LabelledAlert> Labels { get; }

    internal ImmutableArray<float[]> Recent { get; }

    internal ImmutableArray<double> Scores { get; }
}
