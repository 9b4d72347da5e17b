using System.Buffers;

namespace Observability.Metrics;

/// <summary><c>quantile_over_time</c> on a window that is kept sorted while samples enter and leave it.</summary>
internal static class SlidingQuantile
{
    public static void Slide(in WindowPass pass, Span<double> result)
    {
        var sorted = ArrayPool<double>.Shared.Rent(pass.Values.Length);
        int count = 0, first = 0, next = 0;
        for (var i = 0; i < result.Length; i++)
        {
            var (from, to) = (pass.First[i], pass.Next[i]);
            if (from >= next)
            {
                // Nothing of the window before is left.
                count = 0;
                first = next = from;
            }

            for (; first < from; first++)
                Remove(sorted, count--, pass.Values[first]);
            for (; next < to; next++)
                Insert(sorted, count++, pass.Values[next]);
            result[i] = count == 0 ? VectorSeries.Absent : Statistics.QuantileOfSorted(pass.Parameters[i], sorted.AsSpan(0, count));
        }

        ArrayPool<double>.Shared.Return(sorted);
    }

    // NaN is the least of all, as CompareTo has it.
    private static void Insert(double[] sorted, int count, double value)
    {
        var at = Array.BinarySearch(sorted, 0, count, value);
        if (at < 0)
            at = ~at;
        Array.Copy(sorted, at, sorted, at + 1, count - at);
        sorted[at] = value;
    }

    private static void Remove(double[] sorted, int count, double value)
    {
        var at = Array.BinarySearch(sorted, 0, count, value);
        Array.Copy(sorted, at + 1, sorted, at, count - at - 1);
    }
}
