namespace Observability.Metrics;

/// <summary>Functions over the samples of a range.</summary>
internal static class WindowFunctions
{
    /// <summary>
    /// Value of a function for a window; absent where it has none.
    /// </summary>
    /// <param name="name">The function.</param>
    /// <param name="times">Times of the samples, Unix milliseconds.</param>
    /// <param name="values">Their values.</param>
    /// <param name="window">Start and end of the window, Unix milliseconds; the start is exclusive.</param>
    /// <param name="parameter">The scalar argument, where the function takes one.</param>
    public static double Evaluate(
        string name, ReadOnlySpan<long> times, ReadOnlySpan<double> values, (long Start, long End) window, double parameter) => name switch
        {
            "rate" => Extrapolated(times, values, window, counter: true, perSecond: true),
            "increase" => Extrapolated(times, values, window, counter: true, perSecond: false),
            "delta" => Extrapolated(times, values, window, counter: false, perSecond: false),
            "irate" => Instant(times, values, rate: true),
            "idelta" => Instant(times, values, rate: false),
            "deriv" => values.Length < 2 ? Column.Absent : Regression(times, values, times[0]).Slope,
            "predict_linear" => Predict(times, values, window.End, parameter),
            "changes" => Changes(values),
            "resets" => Resets(values),
            "avg_over_time" => Average(values),
            "min_over_time" => Extreme(values, least: true),
            "max_over_time" => Extreme(values, least: false),
            "sum_over_time" => Sum(values),
            "count_over_time" => values.Length,
            "last_over_time" => values[^1],
            "first_over_time" => values[0],
            "present_over_time" => 1,
            "stddev_over_time" => Math.Sqrt(Variance(values)),
            "stdvar_over_time" => Variance(values),
            "quantile_over_time" => Quantile(parameter, values),
            "mad_over_time" => MedianAbsoluteDeviation(values),
            "ts_of_max_over_time" => TimeOfExtreme(times, values, least: false),
            "ts_of_min_over_time" => TimeOfExtreme(times, values, least: true),
            "ts_of_last_over_time" => times[^1] / 1000.0,
            _ => throw new QueryFailureException("execution", $"function {name} is not available over ranges"),
        };

    /// <summary>Linear interpolation between ranks, as Prometheus computes quantiles.</summary>
    public static double Quantile(double quantile, ReadOnlySpan<double> values)
    {
        if (values.Length == 0 || double.IsNaN(quantile))
            return double.NaN;
        if (quantile is < 0 or > 1)
            return quantile < 0 ? double.NegativeInfinity : double.PositiveInfinity;
        var sorted = values.ToArray();
        Array.Sort(sorted, Order);
        var rank = quantile * (sorted.Length - 1);
        var lower = (int)Math.Max(0, Math.Floor(rank));
        var upper = Math.Min(sorted.Length - 1, lower + 1);
        var weight = rank - Math.Floor(rank);
        return (sorted[lower] * (1 - weight)) + (sorted[upper] * weight);
    }

    // NaN first, as Prometheus sorts.
    private static int Order(double a, double b) => double.IsNaN(a) ? (double.IsNaN(b) ? 0 : -1) : double.IsNaN(b) ? 1 : a.CompareTo(b);

    // Prometheus's extrapolation: the change between first and last sample, stretched to the window's edges where the
    // samples come close to them, and never below zero for counters (promql/functions.go, extrapolatedRate).
    private static double Extrapolated(
        ReadOnlySpan<long> times, ReadOnlySpan<double> values, (long Start, long End) window, bool counter, bool perSecond)
    {
        if (values.Length < 2)
            return Column.Absent;
        var change = values[^1] - values[0];
        if (counter)
        {
            for (var i = 1; i < values.Length; i++)
            {
                if (values[i] < values[i - 1])
                    change += values[i - 1];
            }
        }

        var toStart = (times[0] - window.Start) / 1000.0;
        var toEnd = (window.End - times[^1]) / 1000.0;
        var sampled = (times[^1] - times[0]) / 1000.0;
        var between = sampled / (values.Length - 1);
        var threshold = between * 1.1;
        if (toStart >= threshold)
            toStart = between / 2;
        if (counter && change > 0 && values[0] >= 0)
            toStart = Math.Min(toStart, sampled * (values[0] / change));
        if (toEnd >= threshold)
            toEnd = between / 2;
        var factor = (sampled + toStart + toEnd) / sampled;
        if (perSecond)
            factor /= (window.End - window.Start) / 1000.0;
        return change * factor;
    }

    private static double Instant(ReadOnlySpan<long> times, ReadOnlySpan<double> values, bool rate)
    {
        if (values.Length < 2)
            return Column.Absent;
        var change = rate && values[^1] < values[^2] ? values[^1] : values[^1] - values[^2];
        return rate ? change / ((times[^1] - times[^2]) / 1000.0) : change;
    }

    private static double Predict(ReadOnlySpan<long> times, ReadOnlySpan<double> values, long at, double seconds)
    {
        if (values.Length < 2)
            return Column.Absent;
        var (slope, intercept) = Regression(times, values, at);
        return intercept + (slope * seconds);
    }

    private static (double Slope, double Intercept) Regression(ReadOnlySpan<long> times, ReadOnlySpan<double> values, long origin)
    {
        var constant = true;
        foreach (var value in values)
            constant &= value == values[0];
        if (constant)
            return double.IsInfinity(values[0]) ? (double.NaN, double.NaN) : (0, values[0]);
        double n = 0, sumX = 0, sumY = 0, sumXY = 0, sumXX = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var x = (times[i] - origin) / 1000.0;
            n++;
            sumX += x;
            sumY += values[i];
            sumXY += x * values[i];
            sumXX += x * x;
        }

        var slope = (sumXY - (sumX * sumY / n)) / (sumXX - (sumX * sumX / n));
        return (slope, (sumY / n) - (slope * sumX / n));
    }

    private static double Changes(ReadOnlySpan<double> values)
    {
        var count = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] != values[i - 1] && !(double.IsNaN(values[i]) && double.IsNaN(values[i - 1])))
                count++;
        }

        return count;
    }

    private static double Resets(ReadOnlySpan<double> values)
    {
        var count = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] < values[i - 1])
                count++;
        }

        return count;
    }

    // Kahan-Neumaier: the error of each addition is kept and added at the end.
    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0, correction = 0;
        foreach (var value in values)
        {
            var next = sum + value;
            if (double.IsInfinity(next))
                correction = 0;
            else
                correction += Math.Abs(sum) >= Math.Abs(value) ? sum - next + value : value - next + sum;
            sum = next;
        }

        return sum + correction;
    }

    private static double Average(ReadOnlySpan<double> values)
    {
        var sum = Sum(values);
        if (!double.IsInfinity(sum))
            return sum / values.Length;
        double mean = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsInfinity(mean) && double.IsInfinity(values[i]) && double.Sign(mean) == double.Sign(values[i]))
                continue;
            mean += (values[i] / (i + 1)) - (mean / (i + 1));
        }

        return mean;
    }

    private static double Extreme(ReadOnlySpan<double> values, bool least)
    {
        var best = values[0];
        foreach (var value in values)
        {
            if (double.IsNaN(best) || (least ? value < best : value > best))
                best = value;
        }

        return best;
    }

    private static double TimeOfExtreme(ReadOnlySpan<long> times, ReadOnlySpan<double> values, bool least)
    {
        var best = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsNaN(values[best]) || (least ? values[i] <= values[best] : values[i] >= values[best]))
                best = i;
        }

        return times[best] / 1000.0;
    }

    private static double Variance(ReadOnlySpan<double> values)
    {
        double count = 0, mean = 0, squares = 0;
        foreach (var value in values)
        {
            count++;
            var difference = value - mean;
            mean += difference / count;
            squares += difference * (value - mean);
        }

        return squares / count;
    }

    private static double MedianAbsoluteDeviation(ReadOnlySpan<double> values)
    {
        var median = Quantile(0.5, values);
        var distances = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
            distances[i] = Math.Abs(values[i] - median);
        return Quantile(0.5, distances);
    }
}
