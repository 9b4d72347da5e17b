using Observability.Model;
using static Observability.Metrics.PromQlExpression;

namespace Observability.Metrics;

/// <summary>The functions that order an instant query's result; over a range they only say that they do nothing.</summary>
internal sealed partial class Evaluator
{
    private List<VectorSeries> Sort(Call call)
    {
        var series = Vector(call.Arguments[0]);
        if (IsIneffective(call))
            return series;
        var present = series.FindAll(HasValue);
        present.Sort(call.Function == "sort" ? static (left, right) => Ascending(left.Values[0], right.Values[0], left, right)
            : static (left, right) => Descending(left.Values[0], right.Values[0], left, right));
        return present;
    }

    private List<VectorSeries> SortByLabel(Call call)
    {
        var series = Vector(call.Arguments[0]);
        if (IsIneffective(call))
            return series;
        var names = call.Arguments.Skip(1).Select(TextOf).ToArray();
        var present = series.FindAll(HasValue);
        var sign = call.Function == "sort_by_label" ? 1 : -1;
        present.Sort((left, right) => sign * ByLabels(left, right, names));
        return present;
    }

    private bool IsIneffective(Call call)
    {
        if (grid.Count == 1)
            return false;
        context.Warn("sort is ineffective for range queries since results are always ordered by labels", call);
        return true;
    }

    private static int ByLabels(VectorSeries left, VectorSeries right, string[] names)
    {
        foreach (var name in names)
        {
            var order = NaturalOrder.Compare(left.Labels[name], right.Labels[name]);
            if (order != 0)
                return order;
        }

        return LabelSet.Compare(left.Labels, right.Labels);
    }

    // NaN comes last either way; equal values go by labels, so that the order is the same every time.
    private static int Ascending(double left, double right, VectorSeries leftSeries, VectorSeries rightSeries)
    {
        if (double.IsNaN(left) || double.IsNaN(right))
            return double.IsNaN(left) && double.IsNaN(right) ? LabelSet.Compare(leftSeries.Labels, rightSeries.Labels) : double.IsNaN(left) ? 1 : -1;
        var order = left.CompareTo(right);
        return order != 0 ? order : LabelSet.Compare(leftSeries.Labels, rightSeries.Labels);
    }

    private static int Descending(double left, double right, VectorSeries leftSeries, VectorSeries rightSeries) =>
        double.IsNaN(left) || double.IsNaN(right) || left == right
            ? Ascending(left, right, leftSeries, rightSeries)
            : right.CompareTo(left);
}
