namespace Observability.Alerting.Tests;

/// <summary>Series made up for the tests, one value every five minutes.</summary>
internal static class Rows
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset TimeOf(int row) => s_start.AddMinutes(5 * row);

    public static IReadOnlyList<SeriesScore> Score(IEnumerable<double> values, SeriesAnomalyOptions? options = null)
    {
        var detector = new SeriesAnomalyDetector(options ?? new SeriesAnomalyOptions());
        return [.. values.Select((value, row) => detector.Observe(TimeOf(row), value))];
    }

    public static IReadOnlyList<int> Alarms(IEnumerable<double> values) =>
        [.. Score(values).Select((score, row) => (score.Score, row)).Where(at => at.Score >= SeriesScore.Alarm).Select(at => at.row)];

    /// <summary>A working day that repeats, with noise.</summary>
    public static double[] Daily(int rows, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(row => (50 * Math.Sin(2 * Math.PI * row / 288)) + Normal(random))];
    }

    public static double[] Noise(int rows, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => 100 + Normal(random))];
    }

    /// <summary>Bursts as in request counts: most rows small, some hundred times as large.</summary>
    public static double[] HeavyTailed(int rows, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => Math.Exp(1.5 * Normal(random)))];
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
