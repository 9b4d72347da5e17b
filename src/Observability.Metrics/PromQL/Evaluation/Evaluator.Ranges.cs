using Observability.Model;
using static Observability.Metrics.PromQlExpression;

namespace Observability.Metrics;

/// <summary>Range vectors: selectors and subqueries, and the functions over their windows.</summary>
internal sealed partial class Evaluator
{
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
        var found = new List<WindowVector.Entry>();
        foreach (var series in context.Store.Select(range.Selector.AllMatchers))
        {
            var samples = new SampleBuffer();
            series.Read(frame.First - length + 1 - LeftEdge, frame.Last, samples);
            samples.RemoveStale();
            if (samples.Count == 0)
                continue;
            context.Charge(samples.Count);
            found.Add(new WindowVector.Entry(series.Labels, false, samples));
        }

        return new WindowVector(found, length, frame);
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

            context.Charge(samples.Count);
            if (samples.Count > 0)
                found.Add(new WindowVector.Entry(series.Labels, series.DropsName, samples));
        }

        return new WindowVector(found, length, frame);
    }

    private List<VectorSeries> OverRange(WindowVector range, RangeFunction function, double[]? parameter, bool keepsName)
    {
        var result = new List<VectorSeries>(range.Series.Count);
        foreach (var series in range.Series)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var values = Slide(range, series.Samples, function, parameter);
            if (values is null)
                continue;
            result.Add(keepsName
                ? new VectorSeries(series.Labels, values) { DropsName = series.DropsName }
                : WithoutName(series.Labels, values));
        }

        return MergeEqualLabels(result);
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
                Parameter = parameter is null ? 0 : parameter[i],
                SecondParameter = parameter is null || parameter.Length == grid.Count ? 0 : parameter[grid.Count + i],
            });
            any |= !VectorSeries.IsAbsent(result[i]);
        }

        return any ? result : null;
    }

    private void RemarkIfNotCounter(Call call, WindowVector range)
    {
        if (range.Series.Count == 0)
            return;
        var name = range.Series[0].Labels.MetricName;
        if (name.Length == 0 || name.EndsWith("_total", StringComparison.Ordinal) || name.EndsWith("_sum", StringComparison.Ordinal)
            || name.EndsWith("_count", StringComparison.Ordinal) || name.EndsWith("_bucket", StringComparison.Ordinal))
            return;
        context.Inform($"metric might not be a counter, name does not end in _total/_sum/_count/_bucket: {PromQlText.Quote(name)}", call.Arguments[0]);
    }

    private List<VectorSeries> AbsentOverTime(PromQlExpression argument)
    {
        var range = Range(argument);
        var present = new bool[grid.Count];
        foreach (var series in range.Series)
        {
            var values = Slide(range, series.Samples, static _ => 1, null);
            for (var i = 0; values is not null && i < values.Length; i++)
                present[i] |= !VectorSeries.IsAbsent(values[i]);
        }

        var labels = argument.Unwrapped is RangeSelector selector ? LabelsOfAbsent(selector.Selector) : LabelSet.Empty;
        return OnesWhere(labels, present, wanted: false);
    }
}
