using System.Globalization;
using Observability.Model;
using static Observability.Metrics.PromQlExpression;

namespace Observability.Metrics;

/// <summary>Functions over the <c>le</c> buckets of classic histograms.</summary>
internal sealed partial class Evaluator
{
    private const string BucketLabel = "le";


    private List<VectorSeries> HistogramQuantile(Call call) => QuantileOf(Quantiles(call.Arguments[0]), Vector(call.Arguments[1]), call.Arguments[1]);

    // Several quantiles in one pass over the buckets; a label tells them apart.
    private List<VectorSeries> HistogramQuantiles(Call call)
    {
        var label = TextOf(call.Arguments[1]);
        if (!PromQlText.IsValidName(label))
            throw new EvaluationException($"invalid label name {PromQlText.Quote(label)}");
        var input = Vector(call.Arguments[0]);
        var result = new List<VectorSeries>();
        foreach (var argument in call.Arguments.Skip(2))
        {
            var quantiles = Quantiles(argument);
            foreach (var quantile in quantiles.Distinct())
            {
                var only = Array.ConvertAll(quantiles, value => value.Equals(quantile));
                foreach (var series in QuantileOf(quantiles, input, call.Arguments[0]))
                {
                    var values = PerStep(series.Values, (value, i) => only[i] ? value : VectorSeries.Absent);
                    result.Add(WithLabel(new VectorSeries(series.Labels, values) { DropsName = series.DropsName }, label, PromQlText.BoundaryLabel(quantile)));
                }
            }
        }

        return MergeEqualLabels(result);
    }

    private List<VectorSeries> QuantileOf(double[] quantiles, List<VectorSeries> input, PromQlExpression argument) =>
        PerHistogram(input, argument, (buckets, step, name) =>
        {
            var value = ClassicHistogram.Quantile(quantiles[step], buckets, out var forced);
            if (forced)
            {
                context.Inform("input to histogram_quantile needed to be fixed for monotonicity (see "
                    + $"https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile) for metric name {PromQlText.Quote(name)}", argument);
            }

            return value;
        });

    private List<VectorSeries> HistogramFraction(Call call)
    {
        var (lower, upper) = (Scalar(call.Arguments[0]), Scalar(call.Arguments[1]));
        return PerHistogram(Vector(call.Arguments[2]), call.Arguments[2], (buckets, step, _) => ClassicHistogram.Fraction(lower[step], upper[step], buckets));
    }

    private List<VectorSeries> PerHistogram(
        List<VectorSeries> input, PromQlExpression argument, Func<List<ClassicHistogram.Bucket>, int, string, double> evaluate)
    {
        var groups = new Dictionary<LabelSet, List<(double Bound, VectorSeries Series)>>();
        var order = new List<LabelSet>();
        foreach (var series in input)
        {
            if (!TryReadBound(series.Labels[BucketLabel], out var bound))
            {
                context.Warn($"bucket label \"{BucketLabel}\" is missing or has a malformed value of {PromQlText.Quote(series.Labels[BucketLabel])}"
                    + $" for metric name {PromQlText.Quote(series.Labels.MetricName)}", argument);
                continue;
            }

            var key = series.Labels.Without(BucketLabel);
            if (!groups.TryGetValue(key, out var members))
            {
                groups.Add(key, members = []);
                order.Add(key);
            }

            members.Add((bound, series));
        }

        return MergeEqualLabels(order.ConvertAll(key => WithoutName(key, Steps(groups[key], key.MetricName, evaluate))));
    }

    private double[] Steps(
        List<(double Bound, VectorSeries Series)> members, string name, Func<List<ClassicHistogram.Bucket>, int, string, double> evaluate)
    {
        members.Sort((left, right) => left.Bound.CompareTo(right.Bound));
        var values = VectorSeries.NoValues(grid.Count);
        var buckets = new List<ClassicHistogram.Bucket>(members.Count);
        for (var i = 0; i < values.Length; i++)
        {
            buckets.Clear();
            foreach (var (bound, series) in members)
            {
                if (!VectorSeries.IsAbsent(series.Values[i]))
                    buckets.Add(new ClassicHistogram.Bucket(bound, series.Values[i]));
            }

            if (buckets.Count > 0)
                values[i] = evaluate(buckets, i, name);
        }

        return values;
    }

    private static bool TryReadBound(string text, out double bound)
    {
        bound = text.TrimStart('+').Equals("inf", StringComparison.OrdinalIgnoreCase) ? double.PositiveInfinity : 0;
        return bound != 0 || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out bound);
    }
}
