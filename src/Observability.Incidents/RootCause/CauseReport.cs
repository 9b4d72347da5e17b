namespace Observability.Incidents;

/// <summary>How good a ranker is, on what.</summary>
public sealed record CauseReport
{
    /// <summary>Where the incidents come from.</summary>
    public required string Data { get; init; }

    /// <summary>Incidents per part.</summary>
    public required string Split { get; init; }

    /// <summary>Seed of the trainer.</summary>
    public required int Seed { get; init; }

    /// <summary>Incidents of the test part.</summary>
    public required int Incidents { get; init; }

    /// <summary>Share whose true cause is ranked first.</summary>
    public required double Top1 { get; init; }

    /// <summary>Share whose true cause is among the first three.</summary>
    public required double Top3 { get; init; }

    /// <summary>Top-1 of a random order, for comparison.</summary>
    public required double ChanceTop1 { get; init; }

    /// <summary>Expected calibration error over ten bins, of the first candidate's probability.</summary>
    public required double CalibrationError { get; init; }

    internal static CauseReport Of(IReadOnlyList<LabelledIncident> test, CauseModel model, int trained, int calibrated, int seed)
    {
        var judged = test.Where(incident => incident.TrueIndex is not null).Select(incident => Judge(incident, model)).ToArray();
        var bins = judged.GroupBy(one => Math.Min(9, (int)(one.Probability * 10)));
        return new CauseReport
        {
            Data = "synthetic incidents, src/Observability.Incidents/Training",
            Split = $"train {trained}, calibrate {calibrated}, test {test.Count}; parts have different seeds",
            Seed = seed,
            Incidents = judged.Length,
            Top1 = judged.Average(one => one.Rank == 0 ? 1.0 : 0),
            Top3 = judged.Average(one => one.Rank < 3 ? 1.0 : 0),
            ChanceTop1 = judged.Average(one => 1.0 / one.Candidates),
            CalibrationError = bins.Sum(bin => bin.Count() / (double)judged.Length * Math.Abs(bin.Average(one => one.Probability) - bin.Average(one => one.Rank == 0 ? 1.0 : 0))),
        };
    }

    private static (int Rank, double Probability, int Candidates) Judge(LabelledIncident incident, CauseModel model)
    {
        var scores = incident.Scores(model);
        var truth = scores[incident.TrueIndex!.Value];
        // Ties count against the ranker.
        var rank = scores.Count(score => score > truth) + scores.Count(score => score == truth) - 1;
        return (rank, model.Probabilities(scores).Max(), scores.Count);
    }
}
