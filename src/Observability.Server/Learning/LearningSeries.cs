using Observability.Model;

namespace Observability.Server;

/// <summary>Drift as series, so that rules and dashboards can ask for it.</summary>
internal static class LearningSeries
{
    public static IEnumerable<SeriesSample> Of(ModelDrift drift, long at)
    {
        SeriesSample Sample(string name, double value, string feature = "") =>
            new(LabelSet.Of((LabelSet.MetricNameLabel, name), ("job", "observability"), ("model", drift.Version), ("feature", feature)), new Sample(at, value));
        yield return Sample("observability_model_alerts_compared", drift.Alerts);
        yield return Sample("observability_model_answers", drift.Answered);
        if (drift.Score is { } score)
            yield return Sample("observability_model_drift_psi", score, "score");
        foreach (var feature in drift.Features)
            yield return Sample("observability_model_drift_psi", feature.Index, feature.Feature);
        if (drift.Brier is { } brier)
            yield return Sample("observability_model_brier", brier);
        if (drift.CalibrationError is { } error)
            yield return Sample("observability_model_calibration_error", error);
    }
}
