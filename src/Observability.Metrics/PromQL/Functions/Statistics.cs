using System.Runtime.CompilerServices;

namespace Observability.Metrics;

/// <summary>
/// Sums, means and the like with the precision rules of Prometheus 3: compensated summation (Neumaier), and an
/// incremental mean only where the sum overflows.
/// </summary>
internal static class Statistics
{
    public static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0, lost = 0;
        foreach (var value in values)
            Add(value, ref sum, ref lost);
        return double.IsInfinity(sum) ? sum : sum + lost;
    }

    public static double Average(ReadOnlySpan<double> values)
    {
        double sum = 0, lost = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var (newSum, newLost) = (sum, lost);
            Add(values[i], ref newSum, ref newLost);
            if (i > 0 && double.IsInfinity(newSum))
                return IncrementalAverage(values, i, sum / i, lost / i);
            (sum, lost) = (newSum, newLost);
        }

        return (sum / values.Length) + (lost / values.Length);
    }

    public static double Min(ReadOnlySpan<double> values)
    {
        var least = values[0];
        foreach (var value in values)
        {
            if (value < least || double.IsNaN(least))
                least = value;
        }

        return least;
    }

    public static double Max(ReadOnlySpan<double> values)
    {
        var most = values[0];
        foreach (var value in values)
        {
            if (value > most || double.IsNaN(most))
                most = value;
        }

        return most;
    }

    /// <summary>Population variance after Welford, compensated.</summary>
    public static double Variance(ReadOnlySpan<double> values)
    {
        double mean = 0, lostMean = 0, squares = 0, lostSquares = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var delta = values[i] - (mean + lostMean);
            Add(delta / (i + 1), ref mean, ref lostMean);
            Add(delta * (values[i] - (mean + lostMean)), ref squares, ref lostSquares);
        }

        return (squares + lostSquares) / values.Length;
    }

    /// <summary>Linear between the two nearest ranks; NaN counts as the least value. Sorts the array.</summary>
    public static double Quantile(double quantile, double[] values)
    {
        Array.Sort(values);
        return QuantileOfSorted(quantile, values);
    }

    /// <summary>As <see cref="Quantile"/>, of values in ascending order.</summary>
    public static double QuantileOfSorted(double quantile, ReadOnlySpan<double> values)
    {
        if (values.Length == 0 || double.IsNaN(quantile))
            return double.NaN;
        if (quantile < 0)
            return double.NegativeInfinity;
        if (quantile > 1)
            return double.PositiveInfinity;
        var rank = quantile * (values.Length - 1);
        var lower = Math.Max(0, (int)Math.Floor(rank));
        var upper = Math.Min(values.Length - 1, lower + 1);
        var weight = rank - Math.Floor(rank);
        return (values[lower] * (1 - weight)) + (values[upper] * weight);
    }

    /// <summary>Median distance from the median; NaN where any value is.</summary>
    public static double MedianDeviation(ReadOnlySpan<double> values)
    {
        var distances = values.ToArray();
        if (Array.Exists(distances, double.IsNaN))
            return double.NaN;
        var median = Quantile(0.5, distances);
        for (var i = 0; i < distances.Length; i++)
            distances[i] = Math.Abs(distances[i] - median);
        return Quantile(0.5, distances);
    }

    /// <summary>Least squares over time in seconds; the intercept is at <paramref name="origin"/>.</summary>
    public static (double Slope, double Intercept) Regression(ReadOnlySpan<long> times, ReadOnlySpan<double> values, long origin)
    {
        double sumX = 0, lostX = 0, sumY = 0, lostY = 0, sumXY = 0, lostXY = 0, sumXX = 0, lostXX = 0;
        var constant = true;
        for (var i = 0; i < values.Length; i++)
        {
            constant &= values[i] == values[0];
            var x = (times[i] - origin) / 1000.0;
            Add(x, ref sumX, ref lostX);
            Add(values[i], ref sumY, ref lostY);
            Add(x * values[i], ref sumXY, ref lostXY);
            Add(x * x, ref sumXX, ref lostXX);
        }

        if (constant)
            return double.IsInfinity(values[0]) ? (double.NaN, double.NaN) : (0, values[0]);
        var n = (double)values.Length;
        sumX += lostX;
        sumY += lostY;
        var covariance = sumXY + lostXY - (sumX * sumY / n);
        var variance = sumXX + lostXX - (sumX * sumX / n);
        var slope = covariance / variance;
        return (slope, (sumY / n) - (slope * sumX / n));
    }

    private static double IncrementalAverage(ReadOnlySpan<double> values, int from, double mean, double lost)
    {
        for (var i = from; i < values.Length; i++)
        {
            var count = i + 1.0;
            var share = i / count;
            mean *= share;
            lost *= share;
            Add(values[i] / count, ref mean, ref lost);
        }

        return mean + lost;
    }

    /// <summary>Adds to a compensated sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(double value, ref double sum, ref double lost)
    {
        var total = sum + value;
        if (double.IsInfinity(total))
            lost = 0;
        else if (Math.Abs(sum) >= Math.Abs(value))
            lost += sum - total + value;
        else
            lost += value - total + sum;
        sum = total;
    }
}
