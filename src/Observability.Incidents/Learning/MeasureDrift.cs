using Observability.Model;

namespace Observability.Incidents;

/// <summary>Compares what comes in with what a model was trained amid, and its probabilities with what people said.</summary>
public static class MeasureDrift
{
    // Below it the index is mostly chance: its mean without any drift is about (bins − 1) · (1/live + 1/trained).
    private const int LeastAlerts = 100;
    private const int MostAnswers = 200;

    // One answer makes a calibration error of nearly one or of nearly nothing.
    private const int LeastAnswers = 10;

    // By the clock a feature moves all day; that is not drift.
    private static readonly string[] Clock = ["hour_sin", "hour_cos", "weekend"];

    /// <summary>Drift of the model in use.</summary>
    public static ModelDrift Of(ModelCard card, LearningData data)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(data);
        var answers = data.Labels.OrderBy(label => label.SaidAt).TakeLast(MostAnswers).Select(label => (label.Probability, label.WasWorthIt, label.Weight)).ToArray();
        var weight = answers.Sum(one => one.Weight);
        var isUnknown = answers.Length < LeastAnswers || weight == 0;
        var isEnough = data.Recent.Length >= LeastAlerts && card.Reference.Alerts >= LeastAlerts;
        return new ModelDrift
        {
            Version = card.Model.Version,
            Alerts = data.Recent.Length,
            Score = isEnough ? Math.Round(card.Reference.Score.IndexOf(data.Scores), 4) : null,
            Features = isEnough ? [.. Moved(card.Reference, data.Recent).OrderByDescending(one => one.Index).ThenBy(one => one.Feature, StringComparer.Ordinal)] : [],
            Answered = answers.Length,
            Brier = isUnknown ? null : Math.Round(answers.Sum(one => one.Weight * FigureOf.Brier(one.Probability, one.WasWorthIt)) / weight, 4),
            CalibrationError = isUnknown ? null : Math.Round(FigureOf.CalibrationError(answers), 4),
        };
    }

    private static IEnumerable<FeatureDrift> Moved(ModelReference reference, IReadOnlyList<float[]> alerts) => ActionabilityFeatures.Names.Select((name, i) => (name, i))
        .Where(one => !Clock.Contains(one.name) && reference.Features.ContainsKey(one.name))
        .Select(one => new FeatureDrift(one.name, Math.Round(reference.Features[one.name].IndexOf(ModelReference.Column(alerts, one.i)), 4)));
}
