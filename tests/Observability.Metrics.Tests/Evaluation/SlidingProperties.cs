using FsCheck.Xunit;

namespace Observability.Metrics.Tests;

/// <summary>What slides must give what reading every window anew gives.</summary>
public sealed class SlidingProperties
{
    private static readonly HashSet<string> s_exact = ["rate", "increase", "delta", "changes", "resets", "min_over_time", "max_over_time", "quantile_over_time"];

    [Property(MaxTest = 400)]
    public bool SlidingFunction_OnRandomWindows_EqualsThePlainOne(int seed)
    {
        var random = new Random(seed);
        var (times, values) = Series(random, random.Next(1, 200));
        var frame = new TimeFrame(new EvaluationGrid(random.Next(-50_000, 50_000), random.Next(1, 60_000), random.Next(1, 120)), null, 0);
        var length = random.Next(1, 600_000);
        var (first, next) = (new int[frame.Grid.Count], new int[frame.Grid.Count]);
        WindowPass.Locate(times, frame, length, random.Next(2), first, next);
        var result = new double[frame.Grid.Count];
        var parameters = Array.ConvertAll(result, _ => random.Next(-1, 12) / 10.0);
        foreach (var name in SlidingFunctions.Names)
        {
            SlidingFunctions.Find(name)!(new WindowPass(times, values, first, next) { Frame = frame, Length = length, Parameters = parameters }, result);
            for (var i = 0; i < result.Length; i++)
            {
                if (!Agree(name, Plain(name, times, values, first[i], next[i], frame.At(i), length, parameters[i]), result[i]))
                    return false;
            }
        }

        return true;
    }

    private static double Plain(string name, long[] times, double[] values, int first, int next, long end, long length, double parameter) => first == next
        ? VectorSeries.Absent
        : RangeFunctions.Find(name)!(new RangeWindow(times.AsSpan(first..next), values.AsSpan(first..next)) { Start = end - length, End = end, Parameter = parameter });

    private static bool Agree(string name, double expected, double actual)
    {
        if (VectorSeries.IsAbsent(expected) || VectorSeries.IsAbsent(actual))
            return VectorSeries.IsAbsent(expected) && VectorSeries.IsAbsent(actual);
        if (s_exact.Contains(name) || !double.IsFinite(expected))
            return expected.Equals(actual);
        return Math.Abs(expected - actual) <= 1e-9 * Math.Max(1e-3, Math.Abs(expected));
    }

    // Counters with resets, gauges, constants, with what breaks sums here and there.
    private static (long[] Times, double[] Values) Series(Random random, int count)
    {
        var (times, values) = (new long[count], new double[count]);
        var (kind, time, level) = (random.Next(4), 0L, random.Next(1000) / 10.0);
        for (var i = 0; i < count; i++)
        {
            times[i] = time += random.Next(10) == 0 ? random.Next(1, 400_000) : 15_000 + random.Next(-20, 21);
            level = kind switch { 0 => random.Next(20) == 0 ? 0 : level + random.Next(5), 1 => random.NextDouble() * 100, 2 => level, _ => Math.Round((random.NextDouble() - 0.5) * 100, 1) };
            values[i] = kind == 3 && random.Next(15) == 0 ? s_odd[random.Next(s_odd.Length)] : level;
        }

        return (times, values);
    }

    private static readonly double[] s_odd = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1.7e308, 0, -0.0];
}
