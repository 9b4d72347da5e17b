namespace Observability.Server;

/// <summary>Alarms and windows as an operator counts them.</summary>
/// <param name="Alarms">Rows at or above the threshold after probation.</param>
/// <param name="Right">Those inside a window.</param>
/// <param name="Found">Windows with at least one.</param>
/// <param name="Windows">All windows.</param>
/// <param name="DelayRows">For each window found, rows from its first to the first alarm.</param>
/// <param name="Delays">Likewise in time, where both rows have one.</param>
internal sealed record NabEvents(int Alarms, int Right, int Found, int Windows, IReadOnlyList<double> DelayRows, IReadOnlyList<TimeSpan> Delays)
{
    /// <summary>Share of alarms that are right; not a number without alarms.</summary>
    public double Precision => (double)Right / Alarms;

    /// <summary>Share of windows that are found; not a number without windows.</summary>
    public double Recall => (double)Found / Windows;

    /// <summary>Harmonic mean of both.</summary>
    public double F1 => Right == 0 ? 0 : 2 * Precision * Recall / (Precision + Recall);

    /// <summary>Counts in one series.</summary>
    public static NabEvents Of(NabCase series, double threshold)
    {
        var alarms = Enumerable.Range(series.Probation, series.Scores.Count - series.Probation).Where(row => series.Scores[row] >= threshold).ToArray();
        var found = series.Windows
            .Select(window => (window.First, Alarm: alarms.Cast<int?>().FirstOrDefault(row => row >= window.First && row <= window.Last)))
            .Where(window => window.Alarm is not null)
            .Select(window => (window.First, Alarm: window.Alarm!.Value))
            .ToArray();
        return new NabEvents(
            alarms.Length,
            alarms.Count(row => series.Windows.Any(window => row >= window.First && row <= window.Last)),
            found.Length,
            series.Windows.Count,
            [.. found.Select(window => (double)(window.Alarm - window.First))],
            [.. found.Select(window => series.Times[window.Alarm] - series.Times[window.First]).OfType<TimeSpan>()]);
    }

    /// <summary>Counts over several series.</summary>
    public static NabEvents Sum(IEnumerable<NabEvents> parts) => parts.Aggregate(
        new NabEvents(0, 0, 0, 0, [], []),
        (sum, part) => new NabEvents(
            sum.Alarms + part.Alarms, sum.Right + part.Right, sum.Found + part.Found, sum.Windows + part.Windows,
            [.. sum.DelayRows, .. part.DelayRows], [.. sum.Delays, .. part.Delays]));

    /// <summary>
    /// Area under precision over recall as the threshold falls over all series together (average precision). By rows every row of a window is to
    /// be found; by windows one row is enough.
    /// </summary>
    /// <returns>Not a number where nothing is to be found.</returns>
    public static double AveragePrecision(IReadOnlyList<NabCase> cases, bool byRows)
    {
        var rows = cases
            .SelectMany((series, at) => Enumerable.Range(series.Probation, series.Scores.Count - series.Probation).Select(row => (series.Scores[row], Window: WindowOf(series, at, row))))
            .OrderByDescending(row => row.Item1)
            .ToArray();
        var all = byRows ? rows.Count(row => row.Window is not null) : cases.Sum(series => series.Windows.Count);
        var windows = new HashSet<(int, int)>();
        double area = 0, recall = 0;
        var right = 0;
        for (var at = 0; at < rows.Length; at++)
        {
            if (rows[at].Window is { } window)
            {
                right++;
                windows.Add(window);
            }

            // Rows with the same score come under the threshold together.
            if (at + 1 < rows.Length && rows[at + 1].Item1.Equals(rows[at].Item1))
                continue;
            var now = (double)(byRows ? right : windows.Count) / all;
            area += (now - recall) * right / (at + 1);
            recall = now;
        }

        return all == 0 ? double.NaN : area;
    }

    private static (int, int)? WindowOf(NabCase series, int at, int row)
    {
        for (var window = 0; window < series.Windows.Count; window++)
        {
            if (row >= series.Windows[window].First && row <= series.Windows[window].Last)
                return (at, window);
        }

        return null;
    }
}
