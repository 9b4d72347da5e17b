namespace Observability.Server;

/// <summary>A series with the scores that were given and the windows that are true.</summary>
/// <param name="Series">Its name.</param>
/// <param name="Times">One a row.</param>
/// <param name="Scores">One a row; a row without an answer has zero.</param>
/// <param name="Windows">First and last row of each window, in order.</param>
internal sealed record NabCase(string Series, IReadOnlyList<DateTimeOffset?> Times, IReadOnlyList<double> Scores, IReadOnlyList<(int First, int Last)> Windows)
{
    /// <summary>Folder of the series.</summary>
    public string Group => Series.Contains('/', StringComparison.Ordinal) ? Series[..Series.IndexOf('/', StringComparison.Ordinal)] : "";

    /// <summary>The first rows, which are not scored: 15 %, at most 750.</summary>
    public int Probation => (int)Math.Min(0.15 * Scores.Count, 750);

    /// <summary>Joins a series with its labels. A series that the labels do not know has no windows.</summary>
    public static NabCase Of(NabSeriesFile series, NabLabels labels, IReadOnlyList<double> scores)
    {
        var windows = new List<(int, int)>();
        foreach (var (from, until) in labels[series.Name] ?? [])
        {
            var inside = Enumerable.Range(0, series.Times.Count).Where(row => series.Times[row] is { } at && from <= at && at <= until).ToArray();
            if (inside.Length > 0)
                windows.Add((inside[0], inside[^1]));
        }

        return new NabCase(series.Name, series.Times, [.. Enumerable.Range(0, series.Times.Count).Select(row => row < scores.Count ? scores[row] : 0)], windows);
    }
}
