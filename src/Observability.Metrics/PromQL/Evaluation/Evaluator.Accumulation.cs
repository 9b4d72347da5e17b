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
        switch (function)
        {
            case "sum":
                AddTo(values, totals, lost);
                break;
            case "min" or "max":
                Extend(values, totals, largest: function == "max");
                break;
            default:
                Count(values, totals, isGroup: function == "group");
                break;
        }
    }

    private static void AddTo(double[] values, double[] totals, double[] lost)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (VectorSeries.IsAbsent(values[i]))
                continue;
            if (VectorSeries.IsAbsent(totals[i]))
                totals[i] = 0;
            Statistics.Add(values[i], ref totals[i], ref lost[i]);
        }
    }

    // Absent is a NaN too, so the first value replaces it as any value replaces NaN.
    private static void Extend(double[] values, double[] totals, bool largest)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            if (!VectorSeries.IsAbsent(value) && ((largest ? value > totals[i] : value < totals[i]) || double.IsNaN(totals[i])))
                totals[i] = value;
        }
    }

    private static void Count(double[] values, double[] totals, bool isGroup)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!VectorSeries.IsAbsent(values[i]))
                totals[i] = isGroup || VectorSeries.IsAbsent(totals[i]) ? 1 : totals[i] + 1;
        }
    }
}
