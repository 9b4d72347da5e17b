using System.Collections.Immutable;

namespace Observability.Incidents;

/// <summary>A copy of what the platform can learn from and compare with.</summary>
/// <param name="Labels">Labelled alerts by the time they fired.</param>
/// <param name="Recent">Features of the alerts of late; a rule counts once in a while only.</param>
/// <param name="Scores">What the model in use said of each of them, in [0, 1].</param>
public sealed record LearningData(ImmutableArray<LabelledAlert> Labels, ImmutableArray<float[]> Recent, ImmutableArray<double> Scores)
{
    /// <summary>Nothing.</summary>
    public static LearningData Empty { get; } = new([], [], []);

    /// <summary>How many labels there are.</summary>
    public int Count => Labels.Length;
}
