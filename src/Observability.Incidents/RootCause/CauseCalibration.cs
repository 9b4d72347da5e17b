using System.Text.Json.Serialization;

namespace Observability.Incidents;

/// <summary>
/// Turns scores into probabilities: a softmax with a fitted temperature, and a fitted share for "none of these". Also says
/// below which probability the ranker had better not answer.
/// </summary>
/// <param name="Temperature">Divides the scores.</param>
/// <param name="NoneScore">Score of "none of these".</param>
/// <param name="AbstainBelow">Probability below which the answer is "I don't know".</param>
public sealed record CauseCalibration(double Temperature, double NoneScore, [property: JsonRequired] double AbstainBelow)
{
    /// <summary>Share of the answers that have to be right; below it the platform asks a person.</summary>
    public const double WantedPrecision = 0.95;

    private const double LowestThreshold = 0.4;
    private const double HighestThreshold = 0.95;

    /// <summary>Probabilities in the order of the scores; they sum to less than 1.</summary>
    public IReadOnlyList<double> Probabilities(IReadOnlyList<double> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var top = Math.Max(NoneScore, scores.Count == 0 ? NoneScore : scores.Max());
        var weights = scores.Select(score => Math.Exp((score - top) / Temperature)).ToArray();
        var sum = weights.Sum() + Math.Exp((NoneScore - top) / Temperature);
        return [.. weights.Select(weight => weight / sum)];
    }

    /// <summary>
    /// The pair with the least mean log loss on incidents that the ranker was not trained on, and the lowest threshold at which
    /// <see cref="WantedPrecision"/> of its answers on them are right. Each source counts as much as another, however many incidents it has, and the
    /// threshold holds on each of them.
    /// </summary>
    /// <param name="sources">Scores of the candidates of each incident, and which of them is guilty; null for none.</param>
    public static CauseCalibration Fit(params IReadOnlyList<IReadOnlyList<(IReadOnlyList<double> Scores, int? True)>> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var told = sources.Where(incidents => incidents.Count > 0).ToArray();
        var best = new CauseCalibration(1, -10, HighestThreshold);
        var least = double.MaxValue;
        for (var temperature = 0.25; temperature <= 8; temperature *= 1.25)
        {
            for (var none = -12.0; none <= 6; none += 0.5)
            {
                var tried = best with { Temperature = temperature, NoneScore = none };
                var loss = told.Sum(incidents => incidents.Average(incident => Loss(tried, incident.Scores, incident.True)));
                if (loss < least)
                    (least, best) = (loss, tried);
            }
        }

        return best with { AbstainBelow = told.Select(incidents => Threshold(best, incidents)).DefaultIfEmpty(HighestThreshold).Max() };
    }

    private static double Threshold(CauseCalibration calibration, IReadOnlyList<(IReadOnlyList<double> Scores, int? True)> incidents)
    {
        var answers = incidents.Where(incident => incident.Scores.Count > 0).Select(incident => Answer(calibration, incident.Scores, incident.True)).ToArray();
        for (var step = 0; LowestThreshold + (step * 0.05) < HighestThreshold; step++)
        {
            var threshold = Math.Round(LowestThreshold + (step * 0.05), 2);
            var given = answers.Where(answer => answer.Probability >= threshold).ToArray();
            if (given.Length > 0 && given.Count(answer => answer.IsRight) >= WantedPrecision * given.Length)
                return threshold;
        }

        return HighestThreshold;
    }

    private static (double Probability, bool IsRight) Answer(CauseCalibration calibration, IReadOnlyList<double> scores, int? truth)
    {
        var probabilities = calibration.Probabilities(scores);
        var top = Enumerable.Range(0, scores.Count).MaxBy(i => scores[i]);
        return (probabilities[top], top == truth);
    }

    private static double Loss(CauseCalibration calibration, IReadOnlyList<double> scores, int? truth)
    {
        var probabilities = calibration.Probabilities(scores);
        var right = truth is { } index ? probabilities[index] : 1 - probabilities.Sum();
        return -Math.Log(Math.Max(1e-4, right));
    }
}
