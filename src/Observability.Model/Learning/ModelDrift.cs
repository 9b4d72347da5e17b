using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>How far the alerts of late are from those that the model in use was trained amid, and how well its probabilities hold.</summary>
public sealed record ModelDrift
{
    /// <summary>Population stability index above which a distribution counts as another one; .1 is worth a look (convention of credit scoring).</summary>
    public const double Shifted = 0.25;

    /// <summary>The version it is about.</summary>
    public required string Version { get; init; }

    /// <summary>Alerts of late that were compared.</summary>
    public required int Alerts { get; init; }

    /// <summary>Population stability index of the score; null below the least number of alerts.</summary>
    public double? Score { get; init; }

    /// <summary>Population stability index by feature, the largest first.</summary>
    public ImmutableArray<FeatureDrift> Features { get; init; } = [];

    /// <summary>Alerts with an answer, of late.</summary>
    public int Answered { get; init; }

    /// <summary>Mean squared difference between the probability that was given and the answer; null below ten answers.</summary>
    public double? Brier { get; init; }

    /// <summary>Expected calibration error of the probabilities that were given, over ten bins; null below ten answers.</summary>
    public double? CalibrationError { get; init; }

    /// <summary>The largest index of all; 0 where nothing was compared.</summary>
    public double Largest => Math.Max(Score ?? 0, Features.IsEmpty ? 0 : Features[0].Index);
}
