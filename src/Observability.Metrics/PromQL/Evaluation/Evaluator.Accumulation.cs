namespace Observability.Metrics;

/// <summary>
/// Aggregations whose state is a number or two per step: series by series, so that memory is read in its order, and
/// with the same order of summation at every step as one step alone would have.
/// </summary>
internal sealed partial class Evaluator
{
    private List<VectorSeries> Accumulate(List<SeriesGroup> groups, string function)
    {
        var result = new List<VectorSeries>(groups.Count);
        var lost = new double[function == "sum" ? grid.Count : 0];
        foreach (var group in groups)
        {
            context.Charge(grid.Count);
            var totals = VectorSeries.NoValues(grid.Count);
            Array.Clear(lost);
            foreach (var series in group.Members)
                Accumulate(function, series.Values, totals, lost);
            for (var i = 0; i < lost.Length; i++)
            {
                if (!VectorSeries.IsAbsent(totals[i]) && !double.IsInfinity(totals[i]))
                    totals[i] += lost[i];
            }

            result.Add(new VectorSeries(group.Labels, totals) { DropsName = group.DropsName });
        }

        return result;
    }

    private static void Accumulate(string function, double[] values, double[] totals, double[] lost)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            if (VectorSeries.IsAbsent(value))
                continue;
            var isFirst = VectorSeries.IsAbsent(totals[i]);
            switch (function)
            {
                case "sum":
                    if (isFirst)
                        totals[i] = 0;
                    Statistics.Add(value, ref totals[i], ref lost[i]);
                    break;
                case "count":
                    totals[i] = isFirst ? 1 : totals[i] + 1;
                    break;
                case "group":
                    totals[i] = 1;
                    break;
                case "min":
                    if (isFirst || value < totals[i] || double.IsNaN(totals[i]))
                        totals[i] = value;
                    break;
                default:
                    if (isFirst || value > totals[i] || double.IsNaN(totals[i]))
                        totals[i] = value;
                    break;
            }
        }
    }
}
