namespace Observability.Server;

/// <summary>
/// The windowed score of the Numenta Anomaly Benchmark (Lavin and Ahmad 2015; github.com/numenta/NAB, nab/scorer.py): early is better than
/// late, one detection a window counts, each row above the threshold outside the windows costs.
/// </summary>
internal static class NabScorer
{
    /// <summary>What the rows at or above a threshold are worth in one series: the raw score.</summary>
    public static double Raw(NabCase series, NabProfile profile, double threshold)
    {
        double raw = 0;
        var best = new double?[series.Windows.Count];
        for (var row = series.Probation; row < series.Scores.Count; row++)
        {
            if (series.Scores[row] < threshold)
                continue;
            var (window, worth) = Worth(series, profile, row);
            if (window is { } at)
                best[at] = Math.Max(best[at] ?? double.NegativeInfinity, worth);
            else
                raw += worth;
        }

        return raw + best.Sum(worth => worth ?? -profile.Miss);
    }

    /// <summary>100 times the share of the way from answering nothing (0) to finding each window at its first row and nothing else; not a number without windows.</summary>
    public static double Normalise(double raw, int windows, NabProfile profile) =>
        windows == 0 ? double.NaN : 100 * (raw + (windows * profile.Miss)) / (windows * (1 + profile.Miss));

    /// <summary>The score of all series under one threshold.</summary>
    public static double Score(IReadOnlyList<NabCase> cases, NabProfile profile, double threshold) =>
        Normalise(cases.Sum(series => Raw(series, profile, threshold)), cases.Sum(series => series.Windows.Count), profile);

    /// <summary>The threshold with the highest score; above every score where answering nothing is best. Scores of zero are never alarms.</summary>
    public static double BestThreshold(IReadOnlyList<NabCase> cases, NabProfile profile)
    {
        var detections = Detections(cases, profile);
        var bests = new Dictionary<(int, int), double>();
        double raw = 0, bestRaw = 0;
        var best = double.PositiveInfinity;
        for (var at = 0; at < detections.Count; at++)
        {
            var (score, window, worth) = detections[at];
            if (window is not { } key)
                raw += worth;
            else if (!bests.TryGetValue(key, out var earlier) || worth > earlier)
            {
                raw += worth - (bests.ContainsKey(key) ? earlier : -profile.Miss);
                bests[key] = worth;
            }

            var isLast = at + 1 == detections.Count || detections[at + 1].Score < score;
            if (isLast && raw > bestRaw)
                (bestRaw, best) = (raw, score);
        }

        return best;
    }

    private static List<(double Score, (int, int)? Window, double Worth)> Detections(IReadOnlyList<NabCase> cases, NabProfile profile)
    {
        var detections = new List<(double Score, (int, int)? Window, double Worth)>();
        for (var at = 0; at < cases.Count; at++)
        {
            for (var row = cases[at].Probation; row < cases[at].Scores.Count; row++)
            {
                if (cases[at].Scores[row] <= 0)
                    continue;
                var (window, worth) = Worth(cases[at], profile, row);
                detections.Add((cases[at].Scores[row], window is { } index ? (at, index) : null, worth));
            }
        }

        detections.Sort((a, b) => b.Score.CompareTo(a.Score));
        return detections;
    }

    private static (int? Window, double Worth) Worth(NabCase series, NabProfile profile, int row)
    {
        (int First, int Last)? before = null;
        for (var at = 0; at < series.Windows.Count; at++)
        {
            var (first, last) = series.Windows[at];
            double width = last - first + 1;
            if (row >= first && row <= last)
                return (at, Sigmoid(-(last - row + 1) / width) / Sigmoid(-1));
            if (last < row)
                before = (first, last);
        }

        return (null, before is { } window ? profile.FalseAlarm * Sigmoid((row - window.Last) / (double)(window.Last - window.First)) : -profile.FalseAlarm);
    }

    private static double Sigmoid(double y) => y > 3 ? -1 : (2 / (1 + Math.Exp(5 * y))) - 1;
}
