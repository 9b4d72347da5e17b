using Observability.Model;

namespace Observability.Metrics;

/// <summary>The experimental aggregators that keep a few series of each group, whatever their values.</summary>
internal sealed partial class Evaluator
{
    private void CheckRatios(double[] ratios, PromQlExpression argument)
    {
        for (var i = 0; i < ratios.Length; i++)
        {
            if (double.IsNaN(ratios[i]))
                throw new EvaluationException("Ratio value is NaN");
            if (ratios[i] is >= -1 and <= 1)
                continue;
            var capped = Math.Clamp(ratios[i], -1, 1);
            context.Warn($"ratio value should be between -1 and 1, got {PromQlText.Number(ratios[i])}, capping to {PromQlText.Number(capped)}", argument);
            ratios[i] = capped;
        }
    }

    // The first ones present, in the order of their labels, so that a repeated query keeps the same ones.
    private List<VectorSeries> LimitCount(List<SeriesGroup> groups, double[] counts)
    {
        var result = new List<VectorSeries>();
        foreach (var group in groups)
        {
            var taken = new long[grid.Count];
            group.Members.Sort((left, right) => LabelSet.Compare(left.Labels, right.Labels));
            foreach (var series in group.Members)
                AddKept(result, series, PerStep(series.Values, (value, i) => taken[i]++ < counts[i] ? value : VectorSeries.Absent));
        }

        return result;
    }

    // A series falls on a fixed point between 0 and 1; r and r - 1 split the series in two without overlap.
    private static List<VectorSeries> LimitRatio(List<SeriesGroup> groups, double[] ratios)
    {
        var result = new List<VectorSeries>();
        foreach (var series in groups.SelectMany(group => group.Members))
        {
            var point = series.Labels.Fingerprint() / (double)ulong.MaxValue;
            AddKept(result, series, PerStep(series.Values, (value, i) => IsWithin(point, ratios[i]) ? value : VectorSeries.Absent));
        }

        return result;
    }

    private static bool IsWithin(double point, double ratio) => ratio >= 0 ? point < ratio || ratio == 1 : point >= 1 + ratio;

    private static void AddKept(List<VectorSeries> result, VectorSeries series, double[] values)
    {
        var kept = new VectorSeries(series.Labels, values) { DropsName = series.DropsName };
        if (HasValue(kept))
            result.Add(kept);
    }
}
