using Observability.Model;

namespace Observability.Incidents;

/// <summary>Figures of probabilities against what was true.</summary>
internal static class FigureOf
{
    // A probability of 0 that turns out wrong would cost infinitely much.
    private const double Least = 1e-6;
    private const int Bins = 10;

    /// <summary>All figures, examples counted by their weight.</summary>
    public static ModelFigures All(IReadOnlyList<(double Probability, bool Truth, double Weight)> told, double digestBelow)
    {
        var weight = told.Sum(one => one.Weight);
        double Mean(Func<(double Probability, bool Truth, double Weight), double> of) => weight == 0 ? 0 : told.Sum(one => one.Weight * of(one)) / weight;
        double Share(bool truth)
        {
            var these = told.Where(one => one.Truth == truth).ToArray();
            var all = these.Sum(one => one.Weight);
            return all == 0 ? 0 : these.Where(one => one.Probability < digestBelow).Sum(one => one.Weight) / all;
        }

        return new ModelFigures(
            told.Count, Rounded(Mean(one => one.Truth ? 1 : 0)), Rounded(Mean(one => LogLoss(one.Probability, one.Truth))), Rounded(Mean(one => Brier(one.Probability, one.Truth))),
            Rounded(CalibrationError([.. told])), Auc(told) is { } auc ? Rounded(auc) : null, Rounded(Share(true)), Rounded(Share(false)));
    }

    public static double LogLoss(double probability, bool truth) => -Math.Log(Math.Clamp(truth ? probability : 1 - probability, Least, 1));

    public static double Brier(double probability, bool truth) => (probability - (truth ? 1 : 0)) * (probability - (truth ? 1 : 0));

    /// <summary>Σ over ten bins of equal width: share of the weight times |mean probability − share that was true|.</summary>
    public static double CalibrationError((double Probability, bool Truth, double Weight)[] told)
    {
        var all = told.Sum(one => one.Weight);
        return all == 0 ? 0 : told.GroupBy(one => Math.Min(Bins - 1, (int)(one.Probability * Bins))).Sum(bin =>
            Math.Abs(bin.Sum(one => one.Weight * (one.Probability - (one.Truth ? 1 : 0)))) / all);
    }

    // Ranks with ties in the middle (Mann-Whitney), unweighted: it is about order.
    private static double? Auc(IReadOnlyList<(double Probability, bool Truth, double Weight)> told)
    {
        var (yes, no) = (told.Count(one => one.Truth), told.Count(one => !one.Truth));
        if (yes == 0 || no == 0)
            return null;
        var (below, ranks) = (0.0, 0.0);
        foreach (var group in told.GroupBy(one => one.Probability).OrderBy(group => group.Key))
        {
            var size = group.Count();
            ranks += group.Count(one => one.Truth) * (below + ((size + 1) / 2.0));
            below += size;
        }

        return (ranks - (yes * (yes + 1.0) / 2)) / yes / no;
    }

    private static double Rounded(double value) => Math.Round(value, 4);
}
