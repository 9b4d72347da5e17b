using System.Buffers;
using Observability.Model;
using static Observability.Metrics.PromQlExpression;

namespace Observability.Metrics;

/// <summary>Range vectors: selectors and subqueries, and the functions over their windows.</summary>
internal sealed partial class Evaluator
{
    private readonly SampleBuffer _scratch = new();

    /// <summary>A range vector, stale markers left out.</summary>
    public WindowVector Range(PromQlExpression expression) => expression.Unwrapped switch
    {
        RangeSelector range => SelectRange(range),
        Subquery subquery => EvaluateSubquery(subquery),
        var other => throw new EvaluationException($"expected a range vector, got {TypeChecker.Describe(other.Type)}"),
    };

    /// <summary>1 on a closed left edge, 0 on an open one.</summary>
    private long LeftEdge => context.Options.LeftClosedRanges ? 1 : 0;

    private WindowVector SelectRange(RangeSelector range)
    {
        var frame = FrameOf(range.Selector.Shift);
        var length = (long)range.Length.TotalMilliseconds;
        var found = context.Store.Select(range.Selector.AllMatchers).ConvertAll(series => new WindowVector.Entry(series.Labels, false, null, series));
        return new WindowVector(found, length, frame) { From = frame.First - length + 1 - LeftEdge };
    }

    // Inner steps are absolute multiples of the resolution, whatever the outer time.
    private WindowVector EvaluateSubquery(Subquery subquery)
    {
        var frame = FrameOf(subquery.Shift);
        var length = (long)subquery.Length.TotalMilliseconds;
        var step = (long)(subquery.Step ?? context.Options.DefaultSubqueryStep).TotalMilliseconds;
        var floor = frame.First - length + 1 - LeftEdge;
        var start = checked((long)Math.Ceiling(floor / (decimal)step) * step);
        if (start > frame.Last)
            return new WindowVector([], length, frame);
        var count = ((frame.Last - start) / step) + 1;
        if (count > context.Options.MaxSamples)
            throw new EvaluationException($"subquery would take {count} steps; use a longer resolution");
        var inner = new EvaluationGrid(start, step, (int)count);
        var evaluated = new Evaluator(context, inner).Vector(subquery.Inner);
        var found = new List<WindowVector.Entry>();
        foreach (var series in evaluated)
        {
            var samples = new SampleBuffer();
            for (var i = 0; i < series.Values.Length; i++)
            {
                if (!VectorSeries.IsAbsent(series.Values[i]))
                    samples.Add(inner.At(i), series.Values[i]);
            }

            if (samples.Count > 0)
                found.Add(new WindowVector.Entry(series.Labels, series.DropsName, samples));
        }

        return new WindowVector(found, length, frame);
    }

    private List<VectorSeries> OverRange(Call call, WindowVector range, double[]? parameter, bool namesAreNeeded)
    {
        var exact = RangeFunctions.Find(call.Function)!;
        var sliding = SlidingFunctions.Find(call.Function);
        var keepsName = call.Function is "last_over_time" or "first_over_time";
        var haveOneName = HaveOneName(range.Series, entry => entry.Labels);
        var leavesName = !namesAreNeeded && haveOneName;
        var values = new double[]?[range.Series.Count];
        context.ForEachSeries(values.Length, grid.Count, index =>
        {
            var buffer = context.RentBuffer();
            var samples = range.Read(index, buffer);
            context.Charge(samples.Count);
            if (samples.Count > 0)
                values[index] = SlideAtOnce(range, samples, sliding, parameter) ?? Slide(range, samples, exact, parameter);
            context.ReturnBuffer(buffer);
        });
        var result = new List<VectorSeries>(values.Length);
        var remarked = "";
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is not { } found)
                continue;
            var series = range.Series[i];
            result.Add(keepsName
                ? new VectorSeries(series.Labels, found) { DropsName = series.DropsName }
                : leavesName ? new VectorSeries(series.Labels, found) : WithoutName(series.Labels, found));
            if (call.Function is "rate" or "increase" && series.Labels.MetricName is var name && name != remarked)
                RemarkIfNotCounter(call, remarked = name);
        }

        return haveOneName || keepsName ? result : MergeEqualLabels(result);
    }

    // Null where windows hardly overlap: reading each one is then cheaper.
    private double[]? SlideAtOnce(WindowVector range, SampleBuffer samples, SlidingFunction? sliding, double[]? parameters)
    {
        if (sliding is null || grid.Count < 4)
            return null;
        var bounds = ArrayPool<int>.Shared.Rent(grid.Count * 2);
        var first = bounds.AsSpan(0, grid.Count);
        var next = bounds.AsSpan(grid.Count, grid.Count);
        double[]? result = null;
        if (WindowPass.Locate(samples.Times, range.Frame, range.Length, LeftEdge, first, next) > 2L * samples.Count)
        {
            result = new double[grid.Count];
            sliding(new WindowPass(samples.Times, samples.Values, first, next) { Frame = range.Frame, Length = range.Length, CutsFirst = context.Options.LeftClosedRanges, Parameters = parameters }, result);
        }

        ArrayPool<int>.Shared.Return(bounds);
        return result;
    }

    private double[]? Slide(WindowVector range, SampleBuffer samples, RangeFunction function, double[]? parameter)
    {
        var times = samples.Times;
        var values = samples.Values;
        var result = new double[grid.Count];
        int first = 0, next = 0;
        var any = false;
        for (var i = 0; i < result.Length; i++)
        {
            var end = range.Frame.At(i);
            var start = end - range.Length;
            while (next < times.Length && times[next] <= end)
                next++;
            while (first < next && times[first] <= start - LeftEdge)
                first++;
            result[i] = VectorSeries.Absent;
            if (first == next)
                continue;
            result[i] = function(new RangeWindow(times[first..next], values[first..next])
            {
                Start = start,
                End = end,
                Now = grid.At(i),
                CutsFirst = context.Options.LeftClosedRanges,
                Parameter = parameter is null ? 0 : parameter[i],
                SecondParameter = parameter is null || parameter.Length == grid.Count ? 0 : parameter[grid.Count + i],
            });
            any |= !VectorSeries.IsAbsent(result[i]);
        }

        return any ? result : null;
    }

    private void RemarkIfNotCounter(Call call, string name)
    {
        if (name.Length == 0 || name.EndsWith("_total", StringComparison.Ordinal) || name.EndsWith("_sum", StringComparison.Ordinal)
            || name.EndsWith("_count", StringComparison.Ordinal) || name.EndsWith("_bucket", StringComparison.Ordinal))
            return;
        context.Inform($"metric might not be a counter, name does not end in _total/_sum/_count/_bucket: {PromQlText.Quote(name)}", call.Arguments[0]);
    }

    private List<VectorSeries> AbsentOverTime(PromQlExpression argument)
    {
        var range = Range(argument);
        var present = new bool[grid.Count];
        for (var index = 0; index < range.Series.Count; index++)
        {
            var samples = range.Read(index, _scratch);
            context.Charge(samples.Count);
            var values = Slide(range, samples, static _ => 1, null);
            for (var i = 0; values is not null && i < values.Length; i++)
                present[i] |= !VectorSeries.IsAbsent(values[i]);
        }

        var labels = argument.Unwrapped is RangeSelector selector ? LabelsOfAbsent(selector.Selector) : LabelSet.Empty;
        return OnesWhere(labels, present, wanted: false);
    }
}
