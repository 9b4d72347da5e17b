using Observability.Model;

namespace Observability.Metrics;

/// <summary>
/// Evaluates one expression over all steps of a query. Each selector reads its series once; values are columns over the
/// steps, never one vector per step.
/// </summary>
internal sealed class Evaluator(SeriesStore store, MetricsOptions options, (long Start, long End) edges, CancellationToken cancellationToken)
{
    private long _read;

    /// <summary>A scalar expression: one value per step.</summary>
    public double[] Scalar(Expression expression, Steps steps) => expression switch
    {
        NumberLiteral number => Fill(number.Value, steps),
        ParenExpression paren => Scalar(paren.Inner, steps),
        UnaryExpression unary => [.. Scalar(unary.Inner, steps).Select(value => unary.Negative ? -value : value)],
        BinaryExpression binary => [.. Scalar(binary.Left, steps).Zip(Scalar(binary.Right, steps), (a, b) => VectorOperators.Apply(binary.Operator, a, b))],
        CallExpression { Function.Name: "time" } => [.. Enumerable.Range(0, steps.Count).Select(i => steps.At(i) / 1000.0)],
        CallExpression { Function.Name: "pi" } => Fill(Math.PI, steps),
        CallExpression { Function.Name: "scalar" } call => ToScalar(Vector(call.Arguments[0], steps), steps.Count),
        _ => throw new QueryFailureException("execution", $"expression of type {expression.Type} where a scalar is needed"),
    };

    /// <summary>A vector expression: one column per series.</summary>
    public List<Column> Vector(Expression expression, Steps steps)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return expression switch
        {
            ParenExpression paren => Vector(paren.Inner, steps),
            VectorSelector selector => Select(selector, steps, times: false),
            UnaryExpression unary => unary.Negative ? Map(Vector(unary.Inner, steps), value => -value) : Vector(unary.Inner, steps),
            BinaryExpression binary => Binary(binary, steps),
            AggregateExpression aggregate => Aggregations.Evaluate(
                aggregate, Vector(aggregate.Inner, steps),
                aggregate.Parameter is { Type: PromQlType.Scalar } parameter ? Scalar(parameter, steps) : null, steps.Count),
            CallExpression call => Call(call, steps),
            _ => throw new QueryFailureException("execution", $"expression of type {expression.Type} where a vector is needed"),
        };
    }

    /// <summary>The raw samples of a range at the last step, for a query that is only a range selector.</summary>
    public List<SelectedSeries> Matrix(Expression expression, Steps steps)
    {
        var (series, range, shift) = Windows(expression, steps);
        var end = ShiftedTime(shift, steps.At(0));
        return [.. series.Select(one => Cut(one, end - range, end)).Where(one => one.Times.Count > 0)];
    }

    private List<Column> Binary(BinaryExpression binary, Steps steps)
    {
        if (binary.Left.Type == PromQlType.Scalar)
            return VectorOperators.WithScalar(binary, Vector(binary.Right, steps), Scalar(binary.Left, steps), swap: true);
        if (binary.Right.Type == PromQlType.Scalar)
            return VectorOperators.WithScalar(binary, Vector(binary.Left, steps), Scalar(binary.Right, steps), swap: false);
        var (left, right) = (Vector(binary.Left, steps), Vector(binary.Right, steps));
        return binary.Operator is "and" or "or" or "unless"
            ? VectorOperators.Set(binary, left, right, steps.Count)
            : VectorOperators.Match(binary, left, right, steps.Count);
    }

    private List<Column> Call(CallExpression call, Steps steps)
    {
        var name = call.Function.Name;
        var arguments = call.Arguments;
        if (call.Function.Arguments.Contains(PromQlType.Matrix))
            return Windowed(call, steps);
        if (InstantFunctions.Find(name) is { } function)
            return Map(arguments.IsEmpty ? [new Column(LabelSet.Empty, Scalar(Time(call), steps))] : Vector(arguments[0], steps), function);
        switch (name)
        {
            case "vector":
                return [new Column(LabelSet.Empty, Scalar(arguments[0], steps))];
            case "timestamp":
                return Timestamps(arguments[0], steps);
            case "absent":
                return Absent(arguments[0], Vector(arguments[0], steps), steps.Count);
            case "sort" or "sort_desc":
                return Sorted(Vector(arguments[0], steps), name == "sort", steps.Count);
            case "round":
                return MapWith(Vector(arguments[0], steps), arguments.Length > 1 ? Scalar(arguments[1], steps) : Fill(1, steps), Round);
            case "clamp_min":
                return MapWith(Vector(arguments[0], steps), Scalar(arguments[1], steps), (value, bound) => double.IsNaN(value) ? value : Math.Max(value, bound));
            case "clamp_max":
                return MapWith(Vector(arguments[0], steps), Scalar(arguments[1], steps), (value, bound) => double.IsNaN(value) ? value : Math.Min(value, bound));
            case "clamp":
                return Clamp(call, steps);
            case "histogram_quantile":
                return ClassicHistograms.Quantile(Scalar(arguments[0], steps), Vector(arguments[1], steps), steps.Count);
            case "label_replace":
                return Relabel(Vector(arguments[0], steps), labels => InstantFunctions.Replace(labels, Text(arguments[1]), Text(arguments[2]), Text(arguments[3]), Text(arguments[4])));
            case "label_join":
                return Relabel(Vector(arguments[0], steps), labels => labels.With(Text(arguments[1]), string.Join(Text(arguments[2]), arguments.Skip(3).Select(argument => labels[Text(argument)]))));
            default:
                throw new QueryFailureException("execution", $"function {name} is not available");
        }
    }

    private static CallExpression Time(Expression at) => new(at.Position, PromQlFunction.Find("time")!, []);

    private static double Round(double value, double nearest)
    {
        // 1/nearest, as Prometheus does, so that 0.1 rounds without the error of its binary form.
        var inverse = 1 / nearest;
        return Math.Floor((value * inverse) + 0.5) / inverse;
    }

    private List<Column> Clamp(CallExpression call, Steps steps)
    {
        var (low, high) = (Scalar(call.Arguments[1], steps), Scalar(call.Arguments[2], steps));
        var columns = Vector(call.Arguments[0], steps);
        return [.. columns.Select(column => Unnamed(column, (value, i) =>
            low[i] > high[i] ? Column.Absent : double.IsNaN(value) ? value : Math.Max(low[i], Math.Min(high[i], value))))];
    }

    private List<Column> Windowed(CallExpression call, Steps steps)
    {
        var name = call.Function.Name;
        var matrixAt = call.Function.Arguments.IndexOf(PromQlType.Matrix);
        var parameter = call.Arguments.Length > 1 ? Scalar(call.Arguments[1 - matrixAt], steps) : null;
        var (series, range, shift) = Windows(call.Arguments[matrixAt], steps);
        if (name == "absent_over_time")
        {
            var seen = series.ConvertAll(one => new Column(one.Labels, Over("present_over_time", one, (range, shift), steps, null)));
            return Absent(call.Arguments[0], seen, steps.Count);
        }

        // last_over_time and first_over_time give a sample as it was, so the name stays.
        var keepsName = name is "last_over_time" or "first_over_time";
        var results = new List<Column>(series.Count);
        foreach (var one in series)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var column = new Column(keepsName ? one.Labels : one.Labels.Without(LabelSet.MetricNameLabel), Over(name, one, (range, shift), steps, parameter));
            if (!column.IsEmpty)
                results.Add(column);
        }

        return results;
    }

    private double[] Over(string name, SelectedSeries series, (long Range, TimeShift Shift) window, Steps steps, double[]? parameter)
    {
        var results = new double[steps.Count];
        var times = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(series.Times);
        var values = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(series.Values);
        int low = 0, high = 0;
        var lastEnd = long.MinValue;
        for (var i = 0; i < results.Length; i++)
        {
            var end = ShiftedTime(window.Shift, steps.At(i));
            var start = end - window.Range;
            if (end < lastEnd)
                (low, high) = (0, 0);
            lastEnd = end;
            while (high < times.Length && times[high] <= end)
                high++;
            while (low < high && (options.LeftClosedRanges ? times[low] < start : times[low] <= start))
                low++;
            results[i] = high == low ? Column.Absent
                : WindowFunctions.Evaluate(name, times[low..high], values[low..high], (start, end), parameter?[i] ?? 0);
        }

        return results;
    }

    private (List<SelectedSeries> Series, long Range, TimeShift Shift) Windows(Expression expression, Steps steps)
    {
        while (expression is ParenExpression paren)
            expression = paren.Inner;
        if (expression is MatrixSelector matrix)
        {
            var range = (long)matrix.Range.TotalMilliseconds;
            var (first, last) = Bounds(matrix.Vector.Shift, steps);
            var series = Read(matrix.Vector.Matchers, first - range - (options.LeftClosedRanges ? 1 : 0), last);
            return (series.ConvertAll(WithoutStale), range, matrix.Vector.Shift);
        }

        var subquery = (Subquery)expression;
        return (SubquerySeries(subquery, steps), (long)subquery.Range.TotalMilliseconds, subquery.Shift);
    }

    private List<SelectedSeries> SubquerySeries(Subquery subquery, Steps steps)
    {
        var step = (long)(subquery.Step == TimeSpan.Zero ? options.DefaultStep : subquery.Step).TotalMilliseconds;
        var (first, last) = Bounds(subquery.Shift, steps);
        // Steps lie on multiples of the step, after the (open) start of the first window.
        var from = first - (long)subquery.Range.TotalMilliseconds;
        var start = from - (((from % step) + step) % step);
        if (options.LeftClosedRanges ? start < from : start <= from)
            start += step;
        if (start > last)
            return [];
        var inner = new Steps(start, last, step);
        var columns = subquery.Inner.Type == PromQlType.Scalar
            ? [new Column(LabelSet.Empty, Scalar(subquery.Inner, inner))]
            : Vector(subquery.Inner, inner);
        return columns.ConvertAll(column =>
        {
            var (times, values) = (new List<long>(), new List<double>());
            for (var i = 0; i < inner.Count; i++)
            {
                if (!Column.IsPresent(column.Values[i]))
                    continue;
                times.Add(inner.At(i));
                values.Add(column.Values[i]);
            }

            return new SelectedSeries(column.Labels, times, values);
        });
    }

    private List<Column> Select(VectorSelector selector, Steps steps, bool times)
    {
        var lookback = (long)options.Lookback.TotalMilliseconds;
        var (first, last) = Bounds(selector.Shift, steps);
        var results = new List<Column>();
        foreach (var series in Read(selector.Matchers, first - lookback, last))
        {
            var values = new double[steps.Count];
            var at = -1;
            var lastEnd = long.MinValue;
            for (var i = 0; i < values.Length; i++)
            {
                var end = ShiftedTime(selector.Shift, steps.At(i));
                at = end < lastEnd ? -1 : at;
                lastEnd = end;
                while (at + 1 < series.Times.Count && series.Times[at + 1] <= end)
                    at++;
                var found = at >= 0 && series.Times[at] > end - lookback && !StaleMarker.Is(series.Values[at]);
                values[i] = !found ? Column.Absent : times ? series.Times[at] / 1000.0 : series.Values[at];
            }

            var column = new Column(series.Labels, values);
            if (!column.IsEmpty)
                results.Add(column);
        }

        return results;
    }

    private List<Column> Timestamps(Expression argument, Steps steps)
    {
        while (argument is ParenExpression paren)
            argument = paren.Inner;
        if (argument is VectorSelector selector)
            return Map(Select(selector, steps, times: true), value => value);
        var now = Scalar(Time(argument), steps);
        return MapWith(Vector(argument, steps), now, (_, at) => at);
    }

    private static List<Column> Absent(Expression argument, List<Column> columns, int steps)
    {
        while (argument is ParenExpression paren)
            argument = paren.Inner;
        var matchers = argument switch
        {
            VectorSelector selector => selector.Matchers,
            MatrixSelector matrix => matrix.Vector.Matchers,
            _ => [],
        };
        var equal = matchers.Where(matcher => matcher is { IsEqual: true, IsRegex: false } && matcher.Name != LabelSet.MetricNameLabel)
            .GroupBy(matcher => matcher.Name).Where(group => group.Count() == 1).Select(group => group.First())
            .Where(matcher => matchers.Count(other => other.Name == matcher.Name) == 1)
            .Select(matcher => KeyValuePair.Create(matcher.Name, matcher.Value));
        var values = new double[steps];
        for (var i = 0; i < steps; i++)
            values[i] = columns.Exists(column => Column.IsPresent(column.Values[i])) ? Column.Absent : 1;
        return [new Column(LabelSet.From(equal), values)];
    }

    private static List<Column> Sorted(List<Column> columns, bool ascending, int steps) => steps > 1
        ? columns
        : [.. columns.OrderBy(column => double.IsNaN(column.Values[0]) ? 1 : 0).ThenBy(column => ascending ? column.Values[0] : -column.Values[0])];

    private static List<Column> Relabel(List<Column> columns, Func<LabelSet, LabelSet> change)
    {
        var results = columns.ConvertAll(column => new Column(change(column.Labels), column.Values));
        return results.DistinctBy(column => column.Labels).Count() == results.Count
            ? results
            : throw new QueryFailureException("execution", "vector cannot contain metrics with the same labelset");
    }

    private static string Text(Expression expression) => expression switch
    {
        TextLiteral text => text.Value,
        ParenExpression paren => Text(paren.Inner),
        _ => throw new QueryFailureException("execution", "a string literal is needed here"),
    };

    private static double[] ToScalar(List<Column> columns, int steps)
    {
        var values = new double[steps];
        for (var i = 0; i < steps; i++)
        {
            var present = columns.Where(column => Column.IsPresent(column.Values[i])).ToArray();
            values[i] = present.Length == 1 ? present[0].Values[i] : double.NaN;
        }

        return values;
    }

    private static List<Column> Map(List<Column> columns, Func<double, double> function) =>
        columns.ConvertAll(column => Unnamed(column, (value, _) => function(value)));

    private static List<Column> MapWith(List<Column> columns, double[] parameter, Func<double, double, double> function) =>
        columns.ConvertAll(column => Unnamed(column, (value, i) => function(value, parameter[i])));

    private static Column Unnamed(Column column, Func<double, int, double> function) => new(
        column.Labels.Without(LabelSet.MetricNameLabel),
        [.. column.Values.Select((value, i) => Column.IsPresent(value) ? function(value, i) : value)]);

    private static double[] Fill(double value, Steps steps)
    {
        var values = new double[steps.Count];
        Array.Fill(values, value);
        return values;
    }

    private List<SelectedSeries> Read(IReadOnlyList<LabelMatcher> matchers, long from, long to)
    {
        var selected = store.Select(matchers, from, to, cancellationToken);
        _read += selected.Sum(series => (long)series.Times.Count);
        return _read <= options.MaximumSamples
            ? selected
            : throw new QueryFailureException("execution", $"query processing would load too many samples into memory: more than {options.MaximumSamples}");
    }

    private static SelectedSeries WithoutStale(SelectedSeries series)
    {
        if (!series.Values.Exists(StaleMarker.Is))
            return series;
        var kept = series.Times.Zip(series.Values).Where(sample => !StaleMarker.Is(sample.Second)).ToArray();
        return new SelectedSeries(series.Labels, [.. kept.Select(sample => sample.First)], [.. kept.Select(sample => sample.Second)]);
    }

    private SelectedSeries Cut(SelectedSeries series, long start, long end)
    {
        var kept = series.Times.Zip(series.Values)
            .Where(sample => sample.First <= end && (options.LeftClosedRanges ? sample.First >= start : sample.First > start)).ToArray();
        return new SelectedSeries(series.Labels, [.. kept.Select(sample => sample.First)], [.. kept.Select(sample => sample.Second)]);
    }

    private (long First, long Last) Bounds(TimeShift shift, Steps steps)
    {
        var (a, b) = (ShiftedTime(shift, steps.Start), ShiftedTime(shift, steps.At(steps.Count - 1)));
        return (Math.Min(a, b), Math.Max(a, b));
    }

    private long ShiftedTime(TimeShift shift, long at)
    {
        var fixedAt = shift.AtEdge switch
        {
            "start" => edges.Start,
            "end" => edges.End,
            _ => shift.At is { } seconds ? (long)Math.Round(seconds * 1000) : at,
        };
        return fixedAt - (long)shift.Offset.TotalMilliseconds;
    }
}
