using System.Buffers;

namespace Observability.Metrics;

/// <summary>The range functions that need not read a window again for each step.</summary>
internal static class SlidingFunctions
{
    private static readonly Dictionary<string, SlidingFunction> s_byName = new(StringComparer.Ordinal)
    {
        ["rate"] = static (in pass, result) => Extrapolated(pass, result, isCounter: true, perSecond: true),
        ["increase"] = static (in pass, result) => Extrapolated(pass, result, isCounter: true, perSecond: false),
        ["delta"] = static (in pass, result) => Extrapolated(pass, result, isCounter: false, perSecond: false),
        ["quantile_over_time"] = SlidingQuantile.Slide,
        ["changes"] = static (in pass, result) => Counted(pass, result, RangeFunctions.IsChange),
        ["resets"] = static (in pass, result) => Counted(pass, result, static (before, now) => now < before),
        ["sum_over_time"] = static (in pass, result) => WindowFold<SumFold, Compensated>.Slide(pass, RangeFunctions.Find("sum_over_time")!, result),
        ["avg_over_time"] = static (in pass, result) => WindowFold<AverageFold, Compensated>.Slide(pass, RangeFunctions.Find("avg_over_time")!, result),
        ["min_over_time"] = static (in pass, result) => WindowFold<MinFold, double>.Slide(pass, RangeFunctions.Find("min_over_time")!, result),
        ["max_over_time"] = static (in pass, result) => WindowFold<MaxFold, double>.Slide(pass, RangeFunctions.Find("max_over_time")!, result),
        ["stdvar_over_time"] = static (in pass, result) => WindowFold<VarianceFold, Moments>.Slide(pass, RangeFunctions.Find("stdvar_over_time")!, result),
        ["stddev_over_time"] = static (in pass, result) => WindowFold<DeviationFold, Moments>.Slide(pass, RangeFunctions.Find("stddev_over_time")!, result),
    };

    public static IEnumerable<string> Names => s_byName.Keys;

    public static SlidingFunction? Find(string name) => s_byName.GetValueOrDefault(name);

    // Resets are rare: with their positions known, a window costs its two ends and the resets inside.
    private static void Extrapolated(in WindowPass pass, Span<double> result, bool isCounter, bool perSecond)
    {
        var times = pass.Times;
        var values = pass.Values;
        var resets = ArrayPool<int>.Shared.Rent(values.Length);
        var count = isCounter ? FindResets(values, resets) : 0;
        var oldest = 0;
        for (var i = 0; i < result.Length; i++)
        {
            var (first, next) = (pass.First[i], pass.Next[i]);
            result[i] = VectorSeries.Absent;
            if (next - first < 2)
                continue;
            while (oldest < count && resets[oldest] <= first)
                oldest++;
            var change = values[next - 1] - values[first];
            for (var reset = oldest; reset < count && resets[reset] < next; reset++)
                change += values[resets[reset] - 1];
            var end = pass.Frame.At(i);
            var line = new CounterLine(times[first], times[next - 1], values[first], next - first) { Start = end - pass.Length, End = end, CutsFirst = pass.CutsFirst };
            result[i] = line.Extrapolate(change, isCounter, perSecond);
        }

        ArrayPool<int>.Shared.Return(resets);
    }

    private static int FindResets(ReadOnlySpan<double> values, int[] resets)
    {
        var count = 0;
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] < values[i - 1])
                resets[count++] = i;
        }

        return count;
    }

    private static void Counted(in WindowPass pass, Span<double> result, Func<double, double, bool> counts)
    {
        var values = pass.Values;
        var before = ArrayPool<int>.Shared.Rent(values.Length);
        before[0] = 0;
        for (var i = 1; i < values.Length; i++)
            before[i] = before[i - 1] + (counts(values[i - 1], values[i]) ? 1 : 0);
        for (var i = 0; i < result.Length; i++)
            result[i] = pass.First[i] == pass.Next[i] ? VectorSeries.Absent : before[pass.Next[i] - 1] - before[pass.First[i]];
        ArrayPool<int>.Shared.Return(before);
    }
}
