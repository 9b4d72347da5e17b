using Observability.Model;
using static Observability.Metrics.PromQlExpression;

namespace Observability.Metrics;

/// <summary>Aggregation operators.</summary>
internal sealed partial class Evaluator
{
    private delegate double Reduction(ReadOnlySpan<double> values);

    private static readonly Dictionary<string, Reduction> s_reductions = new(StringComparer.Ordinal)
    {
        ["avg"] = Statistics.Average,
        ["stddev"] = values => Math.Sqrt(Statistics.Variance(values)),
        ["stdvar"] = Statistics.Variance,
    };

    private List<VectorSeries> Aggregate(Aggregation aggregation)
    {
        var parameter = aggregation.Parameter is { Type: PromQlType.Scalar } scalar
            ? aggregation.Operator == "quantile" ? Quantiles(scalar) : Scalar(scalar)
            : null;
        if (aggregation.Operator is "topk" or "bottomk" or "limitk")
            CheckCounts(parameter!);
        if (aggregation.Operator == "limit_ratio")
            CheckRatios(parameter!, aggregation.Parameter!);
        var groups = GroupSeries(Vector(aggregation.Inner, namesAreNeeded: !ForgetsNames(aggregation)), aggregation.Grouping);
        return aggregation.Operator switch
        {
            "topk" or "bottomk" => TopK(groups, parameter!, largest: aggregation.Operator == "topk"),
            "limitk" => LimitCount(groups, parameter!),
            "limit_ratio" => LimitRatio(groups, parameter!),
            "quantile" => Reduce(groups, (values, step) => Statistics.Quantile(parameter![step], values.ToArray())),
            "count_values" => CountValues(groups, TextOf(aggregation.Parameter!)),
            "sum" or "min" or "max" or "count" or "group" => Accumulate(groups, aggregation.Operator),
            _ => Reduce(groups, (values, _) => s_reductions[aggregation.Operator](values)),
        };
    }

    private static void CheckCounts(double[] counts)
    {
        foreach (var count in counts)
        {
            if (double.IsNaN(count))
                throw new EvaluationException("Parameter value is NaN");
            if (count is >= long.MaxValue or <= long.MinValue)
                throw new EvaluationException($"Scalar value {PromQlText.Number(count)} {(count > 0 ? "overflows" : "underflows")} int64");
        }
    }

    private static List<SeriesGroup> GroupSeries(List<VectorSeries> input, GroupingClause clause)
    {
        var grouping = new LabelGrouping(clause.Without ? [.. clause.Labels, LabelSet.MetricNameLabel] : clause.Labels, clause.Without);
        var groups = new Dictionary<LabelSet, SeriesGroup>(grouping);
        var ordered = new List<SeriesGroup>();
        foreach (var series in input)
        {
            if (!groups.TryGetValue(series.Labels, out var group))
            {
                groups.Add(series.Labels, group = new SeriesGroup(grouping.Of(series.Labels), series.DropsName));
                ordered.Add(group);
            }

            group.Members.Add(series);
        }

        return ordered;
    }

    // Whether the result shows nothing of the names of what is aggregated.
    private static bool ForgetsNames(Aggregation aggregation) =>
        aggregation.Operator is not ("topk" or "bottomk" or "limitk" or "limit_ratio")
        && (aggregation.Grouping.Without || !aggregation.Grouping.Labels.Contains(LabelSet.MetricNameLabel));

    private List<VectorSeries> Reduce(List<SeriesGroup> groups, StepReduction reduce)
    {
        var result = new List<VectorSeries>(groups.Count);
        foreach (var group in groups)
        {
            context.Charge(grid.Count);
            var values = new double[grid.Count];
            var gathered = new double[group.Members.Count];
            for (var i = 0; i < values.Length; i++)
            {
                var count = Gather(group.Members, i, gathered);
                values[i] = count == 0 ? VectorSeries.Absent : reduce(gathered.AsSpan(0, count), i);
            }

            result.Add(new VectorSeries(group.Labels, values) { DropsName = group.DropsName });
        }

        return result;
    }

    private static int Gather(List<VectorSeries> members, int step, double[] into)
    {
        var count = 0;
        foreach (var series in members)
        {
            var value = series.Values[step];
            if (!VectorSeries.IsAbsent(value))
                into[count++] = value;
        }

        return count;
    }

    private List<VectorSeries> TopK(List<SeriesGroup> groups, double[] counts, bool largest)
    {
        var result = new List<VectorSeries>();
        foreach (var group in groups)
        {
            var kept = group.Members.ConvertAll(_ => (double[]?)null);
            var present = new List<int>();
            for (var i = 0; i < grid.Count; i++)
            {
                present.Clear();
                for (var member = 0; member < kept.Count; member++)
                {
                    if (!VectorSeries.IsAbsent(group.Members[member].Values[i]))
                        present.Add(member);
                }

                var count = (int)Math.Clamp(counts[i], 0, present.Count);
                KeepFirst(present, count, (left, right) => Rank(group.Members[left], group.Members[right], i, largest));
                foreach (var member in present)
                    (kept[member] ??= VectorSeries.NoValues(grid.Count))[i] = group.Members[member].Values[i];
            }

            var chosen = grid.Count == 1 ? present.Where(member => kept[member] is not null) : Enumerable.Range(0, kept.Count).Where(member => kept[member] is not null);
            result.AddRange(chosen.Select(member => new VectorSeries(group.Members[member].Labels, kept[member]!) { DropsName = group.Members[member].DropsName }));
        }

        return result;
    }

    // The first few of an order, in order. Few are wanted of many as a rule, and most of the many are behind the last kept one.
    private static void KeepFirst(List<int> candidates, int count, Comparison<int> order)
    {
        var kept = 0;
        for (var i = 0; i < candidates.Count && count > 0; i++)
        {
            var candidate = candidates[i];
            if (kept == count && order(candidate, candidates[kept - 1]) >= 0)
                continue;
            var at = kept < count ? kept++ : kept - 1;
            for (; at > 0 && order(candidate, candidates[at - 1]) < 0; at--)
                candidates[at] = candidates[at - 1];
            candidates[at] = candidate;
        }

        candidates.RemoveRange(kept, candidates.Count - kept);
    }

    private static int Rank(VectorSeries left, VectorSeries right, int step, bool largest) => largest
        ? Descending(left.Values[step], right.Values[step], left, right)
        : Ascending(left.Values[step], right.Values[step], left, right);

    private List<VectorSeries> CountValues(List<SeriesGroup> groups, string label)
    {
        if (!PromQlText.IsValidName(label))
            throw new EvaluationException($"invalid label name {PromQlText.Quote(label)}");
        var result = new Dictionary<LabelSet, double[]>();
        foreach (var group in groups)
        {
            foreach (var series in group.Members)
            {
                for (var i = 0; i < grid.Count; i++)
                {
                    if (VectorSeries.IsAbsent(series.Values[i]))
                        continue;
                    var key = group.Labels.With(label, PromQlText.Number(series.Values[i]));
                    if (!result.TryGetValue(key, out var counts))
                        result.Add(key, counts = VectorSeries.NoValues(grid.Count));
                    counts[i] = VectorSeries.IsAbsent(counts[i]) ? 1 : counts[i] + 1;
                }
            }
        }

        context.Charge((long)result.Count * grid.Count);
        return [.. result.Select(entry => new VectorSeries(entry.Key, entry.Value))];
    }

    private delegate double StepReduction(ReadOnlySpan<double> values, int step);

    private sealed record SeriesGroup(LabelSet Labels, bool DropsName)
    {
        public List<VectorSeries> Members { get; } = [];
    }
}
