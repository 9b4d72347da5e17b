using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Observability.Incidents;

/// <summary>How good a ranker is, on what. Shares are between 0 and 1.</summary>
public sealed record CauseReport
{
    /// <summary>Where the incidents come from.</summary>
    public required string Data { get; init; }

    /// <summary>The parts: what each is for, from which seed, on which fleets, how many judgements, and a digest of them.</summary>
    public required IReadOnlyList<CauseReportPart> Parts { get; init; }

    /// <summary>Seed of the trainer.</summary>
    public required int Seed { get; init; }

    /// <summary>Judgements of the test part in which somebody is guilty.</summary>
    public required int Judged { get; init; }

    /// <summary>Share of those whose culprit is ranked first, with the right kind of fault.</summary>
    public required double Top1 { get; init; }

    /// <summary>Share of those whose culprit is among the first three.</summary>
    public required double Top3 { get; init; }

    /// <summary>Top-1 of simple rules on the same judgements, ties counted in parts.</summary>
    public required CauseBaselines Baselines { get; init; }

    /// <summary>Expected calibration error over ten bins, of the first candidate's probability.</summary>
    public required double CalibrationError { get; init; }

    /// <summary>Probability below which the ranker does not answer.</summary>
    public required double AbstainBelow { get; init; }

    /// <summary>Share of all judgements of the test part that it answers.</summary>
    public required double Answered { get; init; }

    /// <summary>Share of its answers that are right.</summary>
    public required double AnsweredRight { get; init; }

    /// <summary>Judgements in which nobody that the alerts name is guilty.</summary>
    public required int Nobody { get; init; }

    /// <summary>Share of those in which it rightly does not answer.</summary>
    public required double NobodyAbstained { get; init; }

    /// <summary>Top-1 by the kind of fault.</summary>
    public required IReadOnlyList<CauseReportClass> Classes { get; init; }

    internal static CauseReport Of(IReadOnlyList<LabelledIncident> test, CauseModel model, IReadOnlyList<CauseReportPart> parts, int seed)
    {
        var judged = test.Where(incident => incident.TrueIndex is not null).Select(incident => Judge(incident, model)).ToArray();
        var nobody = test.Where(incident => incident.TrueIndex is null).Select(incident => Judge(incident, model)).ToArray();
        var bins = judged.Concat(nobody).GroupBy(one => Math.Min(9, (int)(one.Probability * 10)));
        var answers = judged.Concat(nobody).Where(one => one.Probability >= model.AbstainBelow).ToArray();
        return new CauseReport
        {
            Data = "synthetic incidents, src/Observability.Incidents/Training; one judgement per time an incident settles",
            Parts = parts,
            Seed = seed,
            Judged = judged.Length,
            Top1 = Rounded(judged.Average(one => one.IsRight)),
            Top3 = Rounded(judged.Average(one => one.Rank < 3 ? 1.0 : 0)),
            Baselines = CauseBaselines.Of([.. test.Where(incident => incident.TrueIndex is not null)]),
            CalibrationError = Rounded(bins.Sum(bin => bin.Count() / (double)test.Count * Math.Abs(bin.Average(one => one.Probability) - bin.Average(one => one.IsRight)))),
            AbstainBelow = model.AbstainBelow,
            Answered = Rounded(answers.Length / (double)test.Count),
            AnsweredRight = Rounded(answers.Average(one => one.IsRight)),
            Nobody = nobody.Length,
            NobodyAbstained = Rounded(nobody.Average(one => one.Probability < model.AbstainBelow ? 1.0 : 0)),
            Classes = [.. judged.GroupBy(one => one.FaultClass, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => new CauseReportClass(group.Key, group.Count(), Rounded(group.Average(one => one.IsRight)), Rounded(group.Average(one => one.Probability))))],
        };
    }

    /// <summary>SHA-256 of the candidates' features and of who is guilty, in hexadecimal.</summary>
    internal static string Digest(IReadOnlyList<LabelledIncident> incidents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var incident in incidents)
        {
            hash.AppendData(BitConverter.GetBytes(incident.TrueIndex ?? -1));
            foreach (var candidate in incident.Candidates)
                hash.AppendData(MemoryMarshal.AsBytes(candidate.Values.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static double Rounded(double value) => Math.Round(value, 4);

    private static Judgement Judge(LabelledIncident incident, CauseModel model)
    {
        var scores = incident.Scores(model);
        var truth = incident.TrueIndex is { } index ? scores[index] : double.PositiveInfinity;
        // Ties count against the ranker.
        var rank = incident.TrueIndex is null ? int.MaxValue : scores.Count(score => score > truth) + scores.Count(score => score == truth) - 1;
        return new Judgement(rank, model.Probabilities(scores).Max(), incident.FaultClass);
    }

    private readonly record struct Judgement(int Rank, double Probability, string FaultClass)
    {
        public double IsRight => Rank == 0 ? 1 : 0;
    }
}
