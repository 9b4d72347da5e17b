namespace Observability.Metrics;

/// <summary>The functions over range vectors (https://prometheus.io/docs/prometheus/latest/querying/functions/).</summary>
internal static class RangeFunctions
{
    private static readonly Dictionary<string, RangeFunction> s_byName = new(StringComparer.Ordinal)
    {
        ["rate"] = window => Extrapolated(window, isCounter: true, perSecond: true),
        ["increase"] = window => Extrapolated(window, isCounter: true, perSecond: false),
        ["delta"] = window => Extrapolated(window, isCounter: false, perSecond: false),
        ["irate"] = window => LastTwo(window, isCounter: true),
        ["idelta"] = window => LastTwo(window, isCounter: false),
        ["deriv"] = Derivative,
        ["predict_linear"] = PredictLinear,
        ["changes"] = Changes,
        ["resets"] = Resets,
        ["sum_over_time"] = window => Statistics.Sum(window.Values),
        ["avg_over_time"] = window => Statistics.Average(window.Values),
        ["min_over_time"] = window => Statistics.Min(window.Values),
        ["max_over_time"] = window => Statistics.Max(window.Values),
        ["count_over_time"] = window => window.Values.Length,
        ["stddev_over_time"] = window => Math.Sqrt(Statistics.Variance(window.Values)),
        ["stdvar_over_time"] = window => Statistics.Variance(window.Values),
        ["last_over_time"] = window => window.Values[^1],
        ["first_over_time"] = window => window.Values[0],
        ["present_over_time"] = _ => 1,
        ["mad_over_time"] = window => Statistics.MedianDeviation(window.Values),
        ["ts_of_first_over_time"] = window => window.Times[0] / 1000.0,
        ["ts_of_last_over_time"] = window => window.Times[^1] / 1000.0,
        ["ts_of_min_over_time"] = window => TimeOf(window, Statistics.Min(window.Values)),
        ["ts_of_max_over_time"] = window => TimeOf(window, Statistics.Max(window.Values)),
        ["double_exponential_smoothing"] = Smooth,
        ["quantile_over_time"] = window => Statistics.Quantile(window.Parameter, window.Values.ToArray()),
    };

    public static RangeFunction? Find(string name) => s_byName.GetValueOrDefault(name);

    public static bool IsChange(double before, double now) => now != before && !(double.IsNaN(now) && double.IsNaN(before));

    private static double Extrapolated(RangeWindow window, bool isCounter, bool perSecond)
    {
        var times = window.Times;
        var values = window.Values;
        if (values.Length < 2)
            return VectorSeries.Absent;
        var change = values[^1] - values[0];
        for (var i = 1; isCounter && i < values.Length; i++)
        {
            if (values[i] < values[i - 1])
                change += values[i - 1];
        }

        return new CounterLine(times[0], times[^1], values[0], values.Length) { Start = window.Start, End = window.End, CutsFirst = window.CutsFirst }
            .Extrapolate(change, isCounter, perSecond);
    }

    private static double LastTwo(RangeWindow window, bool isCounter)
    {
        var times = window.Times;
        var values = window.Values;
        if (values.Length < 2)
            return VectorSeries.Absent;
        if (!isCounter)
            return values[^1] - values[^2];
        var change = values[^1] < values[^2] ? values[^1] : values[^1] - values[^2];
        return change / ((times[^1] - times[^2]) / 1000.0);
    }

    private static double Derivative(RangeWindow window) =>
        window.Values.Length < 2 ? VectorSeries.Absent : Statistics.Regression(window.Times, window.Values, window.Times[0]).Slope;

    private static double PredictLinear(RangeWindow window)
    {
        if (window.Values.Length < 2)
            return VectorSeries.Absent;
        var (slope, intercept) = Statistics.Regression(window.Times, window.Values, window.Now);
        return (slope * window.Parameter) + intercept;
    }

    // Of several samples with the extreme value, the last one.
    private static double TimeOf(RangeWindow window, double extreme)
    {
        for (var i = window.Values.Length - 1; i > 0; i--)
        {
            if (window.Values[i] == extreme)
                return window.Times[i] / 1000.0;
        }

        return window.Times[0] / 1000.0;
    }

    // Holt's linear method (https://www.itl.nist.gov/div898/handbook/pmc/section4/pmc433.htm).
    private static double Smooth(RangeWindow window)
    {
        var values = window.Values;
        if (values.Length < 2)
            return VectorSeries.Absent;
        double before = 0, level = values[0], trend = values[1] - values[0];
        for (var i = 1; i < values.Length; i++)
        {
            if (i > 1)
                trend = (window.SecondParameter * (level - before)) + ((1 - window.SecondParameter) * trend);
            before = level;
            level = (window.Parameter * values[i]) + ((1 - window.Parameter) * (level + trend));
        }

        return level;
    }

    private static double Changes(RangeWindow window)
    {
        var changes = 0;
        for (var i = 1; i < window.Values.Length; i++)
        {
            if (IsChange(window.Values[i - 1], window.Values[i]))
                changes++;
        }

        return changes;
    }

    private static double Resets(RangeWindow window)
    {
        var resets = 0;
        for (var i = 1; i < window.Values.Length; i++)
        {
            if (window.Values[i] < window.Values[i - 1])
                resets++;
        }

        return resets;
    }
}
