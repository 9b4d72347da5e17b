using Observability.Model;
using static Observability.Metrics.PromQlExpression;

namespace Observability.Metrics;

/// <summary>
/// Evaluates an expression for all steps at once: each series is selected and decoded a single time, then every node
/// works on arrays with one value per step.
/// </summary>
internal sealed partial class Evaluator(QueryContext context, EvaluationGrid grid)
{
    /// <summary>
    /// An instant vector. The order is that of the input, except under sort, topk and bottomk. Where the caller has no use for metric
    /// names (an aggregation that drops them), functions that drop them may leave them in place, which saves a label set per series.
    /// </summary>
    public List<VectorSeries> Vector(PromQlExpression expression, bool namesAreNeeded = true)
    {
        context.CancellationToken.ThrowIfCancellationRequested();
        return expression switch
        {
            Parenthesis parenthesis => Vector(parenthesis.Inner, namesAreNeeded),
            VectorSelector selector => SelectInstant(selector, timestamps: false),
            Unary unary => unary.Negates ? Map(Vector(unary.Inner), value => -value) : Vector(unary.Inner),
            Aggregation aggregation => Aggregate(aggregation),
            Binary binary => EvaluateBinary(binary, namesAreNeeded),
            Call call => EvaluateCall(call, namesAreNeeded),
            _ => throw new EvaluationException($"expected an instant vector, got {TypeChecker.Describe(expression.Type)}"),
        };
    }

    /// <summary>A number per step.</summary>
    public double[] Scalar(PromQlExpression expression)
    {
        switch (expression)
        {
            case Parenthesis parenthesis:
                return Scalar(parenthesis.Inner);
            case Number number:
                return Fill(number.Value);
            case Unary unary:
                var inner = Scalar(unary.Inner);
                return unary.Negates ? Array.ConvertAll(inner, value => -value) : inner;
            case Binary binary:
                return ScalarBinary(binary);
            case Call { Function: "time" }:
                return Times();
            case Call { Function: "pi" }:
                return Fill(Math.PI);
            case Call { Function: "scalar" } call:
                return OnlyValue(Vector(call.Arguments[0]));
            case Call { Function: "min_of" or "max_of" } call:
                return Extreme(Scalar(call.Arguments[0]), Scalar(call.Arguments[1]), largest: call.Function == "max_of");
            case Call call when OfTheQuery(call.Function) is { } seconds:
                return Fill(seconds);
            default:
                throw new EvaluationException($"expected a scalar, got {TypeChecker.Describe(expression.Type)}");
        }
    }

    // What the query was asked for, in seconds; within a subquery too it is that of the whole query.
    private double? OfTheQuery(string function) => function switch
    {
        "start" => context.Outer.Start / 1000.0,
        "end" => context.Outer.End / 1000.0,
        "step" => context.Outer.Step / 1000.0,
        "range" => (context.Outer.End - context.Outer.Start) / 1000.0,
        _ => null,
    };

    private static double[] Extreme(double[] left, double[] right, bool largest)
    {
        var result = new double[left.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = largest ? Math.Max(left[i], right[i]) : Math.Min(left[i], right[i]);
        return result;
    }

    public static string TextOf(PromQlExpression expression) => ((Text)expression.Unwrapped).Value;

    /// <summary>Drops the names that wait for the end of the query.</summary>
    public static List<VectorSeries> Finish(List<VectorSeries> series)
    {
        if (!series.Exists(entry => entry.DropsName))
            return series;
        return MergeEqualLabels(series.ConvertAll(entry =>
            entry.DropsName ? new VectorSeries(LabelSubset.DropName(entry.Labels), entry.Values) : entry));
    }

    private double[] Fill(double value)
    {
        var values = new double[grid.Count];
        Array.Fill(values, value);
        return values;
    }

    private double[] Times()
    {
        var values = new double[grid.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = grid.At(i) / 1000.0;
        return values;
    }

    private double[] OnlyValue(List<VectorSeries> series)
    {
        var values = Fill(double.NaN);
        for (var i = 0; i < values.Length; i++)
        {
            var found = 0;
            foreach (var entry in series)
            {
                if (VectorSeries.IsAbsent(entry.Values[i]))
                    continue;
                found++;
                values[i] = entry.Values[i];
            }

            if (found != 1)
                values[i] = double.NaN;
        }

        return values;
    }

    private TimeFrame FrameOf(TimeShift shift)
    {
        var anchored = shift.Anchor switch
        {
            AtAnchor.Start => context.Outer.Start,
            AtAnchor.End => context.Outer.End,
            _ => shift.AtUnixMilliseconds,
        };
        return new TimeFrame(grid, anchored, (long)shift.Offset.TotalMilliseconds);
    }

    private List<VectorSeries> SelectInstant(VectorSelector selector, bool timestamps)
    {
        var frame = FrameOf(selector.Shift);
        var lookback = (long)context.Options.Lookback.TotalMilliseconds - (context.Options.LeftClosedRanges ? 0 : 1);
        var selected = context.Store.Select(selector.AllMatchers);
        var values = new double[]?[selected.Count];
        context.ForEachSeries(selected.Count, grid.Count, index => values[index] = frame.First == frame.Last
            ? NewestAt(selected[index], frame.First, lookback, timestamps)
            : NewestPerStep(selected[index], frame, lookback, timestamps));
        var result = new List<VectorSeries>(selected.Count);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is { } found)
                result.Add(new VectorSeries(selected[i].Labels, found));
        }

        return result;
    }

    private double[]? NewestAt(MemorySeries series, long at, long lookback, bool timestamps)
    {
        if (!series.TryGetLast(out var last))
            return null;
        // Rules ask for the present: the newest sample then needs no decoding.
        if (last.UnixMilliseconds > at)
        {
            var samples = new SampleBuffer();
            series.Read(at - lookback, at, samples);
            if (samples.Count == 0)
                return null;
            last = new Sample(samples.Times[^1], samples.Values[^1]);
        }

        if (last.UnixMilliseconds < at - lookback || StaleMarker.Is(last.Value))
            return null;
        context.Charge(grid.Count);
        return Fill(timestamps ? last.UnixMilliseconds / 1000.0 : last.Value);
    }

    private double[]? NewestPerStep(MemorySeries series, TimeFrame frame, long lookback, bool timestamps)
    {
        var samples = context.RentBuffer();
        samples.Clear();
        series.Read(frame.First - lookback, frame.Last, samples);
        context.Charge(grid.Count);
        var values = samples.Count == 0 ? null : Newest(samples, frame, lookback, timestamps);
        context.ReturnBuffer(samples);
        return values;
    }

    private double[]? Newest(SampleBuffer samples, in TimeFrame frame, long lookback, bool timestamps)
    {
        var times = samples.Times;
        var values = samples.Values;
        var result = new double[grid.Count];
        var next = 0;
        var any = false;
        for (var i = 0; i < result.Length; i++)
        {
            var at = frame.At(i);
            while (next < times.Length && times[next] <= at)
                next++;
            var found = next > 0 && times[next - 1] >= at - lookback && !StaleMarker.Is(values[next - 1]);
            any |= found;
            result[i] = !found ? VectorSeries.Absent : timestamps ? times[next - 1] / 1000.0 : values[next - 1];
        }

        return any ? result : null;
    }

    /// <summary>Applies a function to every value; the metric name goes.</summary>
    private List<VectorSeries> Map(List<VectorSeries> series, Func<double, double> function) =>
        DropNames(series, entry =>
        {
            var values = new double[entry.Values.Length];
            for (var i = 0; i < values.Length; i++)
                values[i] = VectorSeries.IsAbsent(entry.Values[i]) ? VectorSeries.Absent : function(entry.Values[i]);
            return values;
        });

    private List<VectorSeries> DropNames(List<VectorSeries> series, Func<VectorSeries, double[]> values)
    {
        var result = series.ConvertAll(entry => WithoutName(entry.Labels, values(entry)));
        return HaveOneName(series, entry => entry.Labels) ? result : MergeEqualLabels(result);
    }

    // Different series of one name stay different without it. Where names go late, two may differ in nothing but whether theirs goes.
    private bool HaveOneName<T>(IReadOnlyList<T> series, Func<T, LabelSet> labels)
    {
        if (context.Options.DelayedNameRemoval)
            return false;
        for (var i = 1; i < series.Count; i++)
        {
            if (labels(series[i]).MetricName != labels(series[0]).MetricName)
                return false;
        }

        return true;
    }

    private VectorSeries WithoutName(LabelSet labels, double[] values) => context.Options.DelayedNameRemoval
        ? new VectorSeries(labels, values) { DropsName = true }
        : new VectorSeries(LabelSubset.DropName(labels), values);

    /// <summary>Series that became equal are one series as long as they do not meet at a step.</summary>
    private static List<VectorSeries> MergeEqualLabels(List<VectorSeries> series)
    {
        var merged = new Dictionary<(LabelSet, bool), VectorSeries>(series.Count);
        foreach (var entry in series)
        {
            if (merged.TryAdd((entry.Labels, entry.DropsName), entry))
                continue;
            var kept = merged[(entry.Labels, entry.DropsName)].Values;
            for (var i = 0; i < kept.Length; i++)
            {
                if (VectorSeries.IsAbsent(entry.Values[i]))
                    continue;
                if (!VectorSeries.IsAbsent(kept[i]))
                    throw new EvaluationException("vector cannot contain metrics with the same labelset");
                kept[i] = entry.Values[i];
            }
        }

        return merged.Count == series.Count ? series : [.. merged.Values];
    }
}
