using System.Buffers;

namespace Observability.Metrics;

/// <summary>
/// Folds windows that move forward: the older part of a window is a suffix computed backwards once, the newer part a
/// running value. A sample is joined twice, however many windows hold it, and nothing is ever subtracted, so that a large
/// value leaves no trace after it left the window. The fold is a struct, so that the compiler knows and inlines it.
/// </summary>
internal static class WindowFold<TFold, TState>
    where TFold : struct, IWindowFold<TState>
    where TState : struct
{
    public static void Slide(in WindowPass pass, RangeFunction exact, Span<double> result)
    {
        var suffixes = ArrayPool<TState>.Shared.Rent(pass.Values.Length);
        int middle = 0, end = 0;
        TState tail = default;
        for (var i = 0; i < result.Length; i++)
        {
            var (first, next) = (pass.First[i], pass.Next[i]);
            result[i] = VectorSeries.Absent;
            if (first == next)
                continue;
            if (first >= middle)
            {
                FillSuffixes(pass.Values, first, next, suffixes);
                middle = end = next;
            }

            for (; end < next; end++)
                tail = end == middle ? TFold.Of(pass.Values[end]) : TFold.Join(tail, TFold.Of(pass.Values[end]));
            var state = end == middle ? suffixes[first] : TFold.Join(suffixes[first], tail);
            var value = TFold.Result(state, next - first);
            // Overflow and NaN depend on the order of summation: the plain function has the last word there.
            result[i] = double.IsFinite(value) ? value : exact(new RangeWindow(pass.Times[first..next], pass.Values[first..next]));
        }

        ArrayPool<TState>.Shared.Return(suffixes);
    }

    private static void FillSuffixes(ReadOnlySpan<double> values, int first, int next, TState[] suffixes)
    {
        var state = TFold.Of(values[next - 1]);
        suffixes[next - 1] = state;
        for (var i = next - 2; i >= first; i--)
        {
            state = TFold.Join(TFold.Of(values[i]), state);
            suffixes[i] = state;
        }
    }
}
