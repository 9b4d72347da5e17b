namespace Observability.Server;

/// <summary>How well groups of alerts fit the incidents that they come from, whatever the groups are called.</summary>
/// <param name="PairPrecision">Of the pairs in one group, the share of one incident.</param>
/// <param name="PairRecall">Of the pairs of one incident, the share in one group.</param>
/// <param name="MutualInformation">Normalised by the arithmetic mean of both entropies, 0 to 1.</param>
internal sealed record Grouping(double PairPrecision, double PairRecall, double MutualInformation)
{
    /// <summary>Harmonic mean of precision and recall over pairs.</summary>
    public double PairF1 => PairPrecision + PairRecall > 0 ? 2 * PairPrecision * PairRecall / (PairPrecision + PairRecall) : 0;

    /// <summary>Compares two ways to divide the same items.</summary>
    /// <param name="truth">The incident of each item.</param>
    /// <param name="found">The group of each item.</param>
    public static Grouping Of(IReadOnlyList<int> truth, IReadOnlyList<int> found)
    {
        var both = truth.Zip(found).CountBy(pair => pair).Select(pair => pair.Value).ToList();
        var (incidents, groups) = (Sizes(truth), Sizes(found));
        var (hits, named, real) = (both.Sum(Pairs), groups.Sum(Pairs), incidents.Sum(Pairs));
        var (ofTruth, ofFound, joint) = (Entropy(incidents, truth.Count), Entropy(groups, found.Count), Entropy(both, truth.Count));
        return new Grouping(
            named > 0 ? hits / named : 1, real > 0 ? hits / real : 1,
            ofTruth + ofFound > 0 ? 2 * (ofTruth + ofFound - joint) / (ofTruth + ofFound) : 1);
    }

    private static List<int> Sizes(IReadOnlyList<int> labels) => [.. labels.CountBy(label => label).Select(pair => pair.Value)];

    private static double Pairs(int size) => size * (size - 1.0) / 2;

    private static double Entropy(List<int> sizes, int total) => -sizes.Sum(size => size / (double)total * Math.Log(size / (double)total));
}
