namespace Observability.Incidents;

/// <summary>
/// Turns scores into probabilities: a softmax with a fitted temperature, and a fitted share for "none of these".
/// </summary>
/// <param name="Temperature">Divides the scores.</param>
/// <param name="NoneScore">Score of "none of these".</param>
public sealed record CauseCalibration(double Temperature, double NoneScore)
{
    /// <summary>Probabilities in the order of the scores; they sum to less than 1.</summary>
    public IReadOnlyList<double> Probabilities(IReadOnlyList<double> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var top = Math.Max(NoneScore, scores.Count == 0 ? NoneScore : scores.Max());
        var weights = scores.Select(score => Math.Exp((score - top) / Temperature)).ToArray();
        var sum = weights.Sum() + Math.Exp((NoneScore - top) / Temperature);
        return [.. weights.Select(weight => weight / sum)];
    }

    /// <summary>The pair with the least log loss on incidents that the ranker was not trained on.</summary>
    public static CauseCalibration Fit(IReadOnlyList<(IReadOnlyList<double> Scores, int? True)> incidents)
    {
        ArgumentNullException.ThrowIfNull(incidents);
        var best = new CauseCalibration(1, -10);
        var least = double.MaxValue;
        for (var temperature = 0.25; temperature <= 8; temperature *= 1.25)
        {
            for (var none = -12.0; none <= 6; none += 0.5)
            {
                var tried = new CauseCalibration(temperature, none);
                var loss = incidents.Sum(incident => Loss(tried, incident.Scores, incident.True));
                if (loss < least)
                    (least, best) = (loss, tried);
            }
        }

        return best;
    }

    private static double Loss(CauseCalibration calibration, IReadOnlyList<double> scores, int? truth)
    {
        var probabilities = calibration.Probabilities(scores);
        var right = truth is { } index ? probabilities[index] : 1 - probabilities.Sum();
        return -Math.Log(Math.Max(1e-4, right));
    }
}
