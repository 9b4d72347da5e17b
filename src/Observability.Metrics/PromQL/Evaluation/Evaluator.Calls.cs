using Observability.Model;
using static Observability.Metrics.PromQlExpression;

namespace Observability.Metrics;

/// <summary>Function calls that yield an instant vector.</summary>
internal sealed partial class Evaluator
{
    private List<VectorSeries> EvaluateCall(Call call, bool namesAreNeeded)
    {
        var arguments = call.Arguments;
        if (RangeFunctions.Find(call.Function) is not null)
            return EvaluateRangeCall(call, namesAreNeeded);
        if (MathFunctions.Find(call.Function) is { } math)
            return Map(Vector(arguments[0]), math);
        if (MathFunctions.FindDatePart(call.Function) is { } part)
            return Map(arguments.Count == 0 ? [new VectorSeries(LabelSet.Empty, Times())] : Vector(arguments[0]), part);
        return call.Function switch
        {
            "absent" => Absent(arguments[0]),
            "absent_over_time" => AbsentOverTime(arguments[0]),
            "clamp" => Clamp(Vector(arguments[0]), Scalar(arguments[1]), Scalar(arguments[2])),
            "clamp_min" => Clamp(Vector(arguments[0]), Scalar(arguments[1]), Fill(double.PositiveInfinity)),
            "clamp_max" => Clamp(Vector(arguments[0]), Fill(double.NegativeInfinity), Scalar(arguments[1])),
            "round" => Round(Vector(arguments[0]), arguments.Count > 1 ? Scalar(arguments[1]) : Fill(1)),
            "timestamp" => Timestamp(arguments[0]),
            "vector" => [new VectorSeries(LabelSet.Empty, Scalar(arguments[0]))],
            "sort" or "sort_desc" => Sort(call),
            "label_replace" => LabelReplace(call),
            "label_join" => LabelJoin(call),
            "histogram_quantile" => HistogramQuantile(call),
            "histogram_fraction" => HistogramFraction(call),
            "histogram_quantiles" => HistogramQuantiles(call),
            "histogram_count" or "histogram_sum" or "histogram_avg" or "histogram_stddev" or "histogram_stdvar" => OfNativeHistograms(call),
            "info" => Info(call),
            "sort_by_label" or "sort_by_label_desc" => SortByLabel(call),
            _ => throw new EvaluationException($"function {call.Function} gives no instant vector"),
        };
    }

    private List<VectorSeries> EvaluateRangeCall(Call call, bool namesAreNeeded)
    {
        var (range, parameter) = call.Function switch
        {
            "quantile_over_time" => (Range(call.Arguments[1]), Quantiles(call.Arguments[0])),
            "predict_linear" => (Range(call.Arguments[0]), Scalar(call.Arguments[1])),
            "double_exponential_smoothing" => (Range(call.Arguments[0]), SmoothingFactors(call)),
            _ => (Range(call.Arguments[0]), null),
        };
        return OverRange(call, range, parameter, namesAreNeeded);
    }

    // Both factors of every step, one after the other: a range function has a single parameter per step.
    private double[] SmoothingFactors(Call call)
    {
        var (smoothing, trend) = (Scalar(call.Arguments[1]), Scalar(call.Arguments[2]));
        for (var i = 0; i < smoothing.Length; i++)
        {
            if (!(smoothing[i] is > 0 and < 1))
                throw new EvaluationException($"invalid smoothing factor. Expected: 0 < sf < 1, got: {PromQlText.Number(smoothing[i])}");
            if (!(trend[i] is > 0 and < 1))
                throw new EvaluationException($"invalid trend factor. Expected: 0 < tf < 1, got: {PromQlText.Number(trend[i])}");
        }

        return [.. smoothing, .. trend];
    }

    private double[] Quantiles(PromQlExpression argument)
    {
        var quantiles = Scalar(argument);
        foreach (var quantile in quantiles)
        {
            if (!(quantile is >= 0 and <= 1))
                context.Warn($"quantile value should be between 0 and 1, got {PromQlText.Number(quantile)}", argument);
        }

        return quantiles;
    }

    // The store keeps floats only, so there is nothing to count; saying nothing would look like a quiet fleet.
    private List<VectorSeries> OfNativeHistograms(Call call)
    {
        Vector(call.Arguments[0]);
        context.Warn($"{call.Function}() reads native histograms, which this engine does not keep; use the _bucket, _sum and _count series of a classic histogram", call);
        return [];
    }

    private List<VectorSeries> Absent(PromQlExpression argument)
    {
        var present = new bool[grid.Count];
        foreach (var series in Vector(argument))
        {
            for (var i = 0; i < present.Length; i++)
                present[i] |= !VectorSeries.IsAbsent(series.Values[i]);
        }

        var labels = argument.Unwrapped is VectorSelector selector ? LabelsOfAbsent(selector) : LabelSet.Empty;
        return OnesWhere(labels, present, wanted: false);
    }

    // The labels that equality matchers name once; a label that is matched twice says nothing certain.
    private static LabelSet LabelsOfAbsent(VectorSelector selector)
    {
        var matchers = selector.Matchers.Where(matcher => matcher.Name != LabelSet.MetricNameLabel).ToList();
        var labels = new List<KeyValuePair<string, string>>();
        foreach (var matcher in matchers)
        {
            if (matcher is { IsRegex: false, IsEqual: true } && IsOnlyPlainEquality(matcher, matchers))
                labels.Add(new(matcher.Name, matcher.Value));
        }

        return LabelSet.From(labels);
    }

    // {job="a", job=~"b"}: upstream removes the label for any later matcher of the same name.
    private static bool IsOnlyPlainEquality(LabelMatcher matcher, List<LabelMatcher> all) =>
        all.Count(other => other.Name == matcher.Name) == 1;

    private static List<VectorSeries> OnesWhere(LabelSet labels, bool[] flags, bool wanted)
    {
        if (!Array.Exists(flags, flag => flag == wanted))
            return [];
        return [new VectorSeries(labels, Array.ConvertAll(flags, flag => flag == wanted ? 1 : VectorSeries.Absent))];
    }

    private List<VectorSeries> Clamp(List<VectorSeries> series, double[] least, double[] most) =>
        DropNames(series, entry => PerStep(entry.Values, (value, i) =>
            most[i] < least[i] ? VectorSeries.Absent
            : double.IsNaN(least[i]) || double.IsNaN(most[i]) ? double.NaN
            : Math.Max(least[i], Math.Min(most[i], value)))).FindAll(HasValue);

    private List<VectorSeries> Round(List<VectorSeries> series, double[] nearest) =>
        DropNames(series, entry => PerStep(entry.Values, (value, i) => MathFunctions.Round(value, nearest[i])));

    private static double[] PerStep(double[] values, Func<double, int, double> function)
    {
        var result = new double[values.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = VectorSeries.IsAbsent(values[i]) ? VectorSeries.Absent : function(values[i], i);
        return result;
    }

    private static bool HasValue(VectorSeries series) => Array.Exists(series.Values, value => !VectorSeries.IsAbsent(value));

    // Of a selector, the time of its sample; of anything else, the evaluation time.
    private List<VectorSeries> Timestamp(PromQlExpression argument)
    {
        if (argument.Unwrapped is VectorSelector selector)
            return DropNames(SelectInstant(selector, timestamps: true), entry => entry.Values);
        return DropNames(Vector(argument), entry => PerStep(entry.Values, (_, i) => grid.At(i) / 1000.0));
    }

    private List<VectorSeries> LabelReplace(Call call)
    {
        var (target, replacement, source, pattern) =
            (TextOf(call.Arguments[1]), TextOf(call.Arguments[2]), TextOf(call.Arguments[3]), TextOf(call.Arguments[4]));
        var regex = LabelReplacement.Compile(pattern);
        if (!PromQlText.IsValidName(target))
            throw new EvaluationException($"invalid destination label name in label_replace(): {target}");
        return MergeEqualLabels(Vector(call.Arguments[0]).ConvertAll(series =>
        {
            var match = regex.Match(series.Labels[source]);
            return match.Success ? WithLabel(series, target, LabelReplacement.Expand(replacement, match)) : series;
        }));
    }

    private List<VectorSeries> LabelJoin(Call call)
    {
        var (target, separator) = (TextOf(call.Arguments[1]), TextOf(call.Arguments[2]));
        var sources = call.Arguments.Skip(3).Select(TextOf).ToArray();
        if (Array.Find(sources, source => !PromQlText.IsValidName(source)) is { } bad)
            throw new EvaluationException($"invalid source label name in label_join(): {bad}");
        if (!PromQlText.IsValidName(target))
            throw new EvaluationException($"invalid destination label name in label_join(): {target}");
        return MergeEqualLabels(Vector(call.Arguments[0]).ConvertAll(series =>
            WithLabel(series, target, string.Join(separator, sources.Select(source => series.Labels[source])))));
    }

    private static VectorSeries WithLabel(VectorSeries series, string name, string value) =>
        new(series.Labels.With(name, value), series.Values) { DropsName = series.DropsName && name != LabelSet.MetricNameLabel };
}
