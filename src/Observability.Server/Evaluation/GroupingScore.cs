namespace Observability.Server;

/// <summary>How well groups of alerts match the incidents they come from.</summary>
/// <param name="PairF1">Harmonic mean of precision and recall over pairs of alerts in the same group and the same incident.</param>
/// <param name="Nmi">Mutual information of groups and incidents over the mean of their entropies.</param>
/// <param name="Compression">1 - groups / alerts.</param>
/// <param name="Missed">Share of the incidents that are the largest in no group: whoever reads the groups never sees them.</param>
internal sealed record GroupingScore(double PairF1, double Nmi, double Compression, double Missed)
{
    /// <summary>Scores groups.</summary>
    /// <param name="groups">The group of each alert.</param>
    /// <param name="incidents">The incident of each alert; null for one that belongs to none and stands alone.</param>
    public static GroupingScore Of<TGroup>(IReadOnlyList<TGroup> groups, IReadOnlyList<string?> incidents)
        where TGroup : notnull
    {
        string[] truth = [.. incidents.Select((incident, at) => incident ?? $"\0{at}")];
        var byGroup = groups.CountBy(group => group).ToDictionary();
        var byTruth = truth.CountBy(incident => incident).ToDictionary();
        var joint = groups.Zip(truth).CountBy(pair => pair).ToArray();
        var (together, grouped, same) = (joint.Sum(one => Pairs(one.Value)), byGroup.Values.Sum(Pairs), byTruth.Values.Sum(Pairs));
        var (h1, h2, h12) = (Entropy(byGroup.Values), Entropy(byTruth.Values), Entropy(joint.Select(one => one.Value)));
        var seen = joint.GroupBy(one => one.Key.First).Select(group => group.MaxBy(one => one.Value).Key.Second).ToHashSet(StringComparer.Ordinal);
        string[] real = [.. incidents.OfType<string>().Distinct()];
        return new GroupingScore(
            grouped + same == 0 ? 0 : 2 * together / (grouped + same),
            h1 + h2 <= 0 ? 1 : 2 * (h1 + h2 - h12) / (h1 + h2),
            groups.Count == 0 ? 0 : 1 - (byGroup.Count / (double)groups.Count),
            real.Length == 0 ? 0 : real.Count(incident => !seen.Contains(incident)) / (double)real.Length);
    }

    private static double Pairs(int count) => count * (count - 1.0) / 2;

    private static double Entropy(IEnumerable<int> counts)
    {
        var known = counts.ToArray();
        double all = known.Sum();
        return -known.Sum(count => count / all * Math.Log(count / all));
    }
}
