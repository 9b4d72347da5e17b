namespace Observability.Server;

/// <summary>A range of a figure.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
internal readonly record struct Interval(double Low, double High);

/// <summary>Percentile bootstrap (Efron 1979): how far a figure would move if other cases of the same kind had been drawn.</summary>
internal static class Bootstrap
{
    private const int Draws = 2_000;

    /// <summary>95 % interval of the mean; null below two cases. The same cases give the same interval.</summary>
    /// <param name="values">One value a case.</param>
    public static Interval? OfMean(IReadOnlyList<double> values) => Of(values, static drawn => drawn.Average());

    /// <summary>95 % interval of any statistic of the cases; null below two cases.</summary>
    /// <param name="cases">The cases, which are drawn whole with replacement.</param>
    /// <param name="statistic">The figure of a drawn list; not-a-number where it has none, which then is left out.</param>
    public static Interval? Of<TCase>(IReadOnlyList<TCase> cases, Func<IReadOnlyList<TCase>, double> statistic)
    {
        if (cases.Count < 2)
            return null;
#pragma warning disable CA5394 // Resampling wants repeatable numbers, not secret ones.
        var random = new Random(1);
        var drawn = new TCase[cases.Count];
        var figures = new List<double>(Draws);
        for (var draw = 0; draw < Draws; draw++)
        {
            for (var at = 0; at < drawn.Length; at++)
                drawn[at] = cases[random.Next(cases.Count)];
            var figure = statistic(drawn);
            if (!double.IsNaN(figure))
                figures.Add(figure);
        }
#pragma warning restore CA5394

        if (figures.Count == 0)
            return null;
        figures.Sort();
        return new Interval(figures[(int)(0.025 * (figures.Count - 1))], figures[(int)Math.Ceiling(0.975 * (figures.Count - 1))]);
    }
}
