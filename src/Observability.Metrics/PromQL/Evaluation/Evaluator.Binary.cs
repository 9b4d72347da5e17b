using Observability.Model;
using static Observability.Metrics.PromQlExpression;

namespace Observability.Metrics;

/// <summary>Binary operators.</summary>
internal sealed partial class Evaluator
{
    private double[] ScalarBinary(Binary binary)
    {
        var (left, right) = (Scalar(binary.Left), Scalar(binary.Right));
        var result = new double[grid.Count];
        for (var i = 0; i < result.Length; i++)
            result[i] = binary.Operator.IsComparison()
                ? Arithmetic.Compare(binary.Operator, left[i], right[i]) ? 1 : 0
                : Arithmetic.Compute(binary.Operator, left[i], right[i]);
        return result;
    }

    private List<VectorSeries> EvaluateBinary(Binary binary, bool namesAreNeeded)
    {
        if (binary.Left.Type == PromQlType.Scalar)
            return WithScalar(binary, Vector(binary.Right), Scalar(binary.Left), scalarIsLeft: true, namesAreNeeded);
        if (binary.Right.Type == PromQlType.Scalar)
            return WithScalar(binary, Vector(binary.Left), Scalar(binary.Right), scalarIsLeft: false, namesAreNeeded);
        var (left, right) = (Vector(binary.Left), Vector(binary.Right));
        var matching = binary.Matching!;
        return binary.Operator switch
        {
            BinaryOperator.And => KeepWhere(left, right, matching, present: true),
            BinaryOperator.Unless => KeepWhere(left, right, matching, present: false),
            BinaryOperator.Or => MergeEqualLabels([.. left, .. KeepWhere(right, left, matching, present: false)]),
            _ => new VectorMatch(binary, matching, grid, context.Options.DelayedNameRemoval).Evaluate(left, right),
        };
    }

    private List<VectorSeries> WithScalar(Binary binary, List<VectorSeries> series, double[] scalar, bool scalarIsLeft, bool namesAreNeeded)
    {
        var keepsName = binary.Operator.IsComparison() && !binary.ReturnsBool;
        var haveOneName = HaveOneName(series, entry => entry.Labels);
        var leavesName = !namesAreNeeded && haveOneName;
        var result = new List<VectorSeries>(series.Count);
        foreach (var entry in series)
        {
            var values = PerStep(entry.Values, (value, i) =>
            {
                var (left, right) = scalarIsLeft ? (scalar[i], value) : (value, scalar[i]);
                if (!binary.Operator.IsComparison())
                    return Arithmetic.Compute(binary.Operator, left, right);
                var holds = Arithmetic.Compare(binary.Operator, left, right);
                return binary.ReturnsBool ? holds ? 1 : 0 : holds ? value : VectorSeries.Absent;
            });
            result.Add(keepsName || leavesName ? new VectorSeries(entry.Labels, values) { DropsName = entry.DropsName } : WithoutName(entry.Labels, values));
        }

        return haveOneName || keepsName ? result : MergeEqualLabels(result);
    }

    /// <summary>The samples whose signature the other side has (or has not) at the same step.</summary>
    private List<VectorSeries> KeepWhere(List<VectorSeries> kept, List<VectorSeries> other, VectorMatching matching, bool present)
    {
        var seen = new Dictionary<LabelSet, bool[]>(matching.Signature());
        foreach (var series in other)
        {
            if (!seen.TryGetValue(series.Labels, out var flags))
                seen.Add(series.Labels, flags = new bool[grid.Count]);
            for (var i = 0; i < flags.Length; i++)
                flags[i] |= !VectorSeries.IsAbsent(series.Values[i]);
        }

        var result = new List<VectorSeries>();
        foreach (var series in kept)
        {
            var flags = seen.GetValueOrDefault(series.Labels);
            var values = PerStep(series.Values, (value, i) => (flags?[i] ?? false) == present ? value : VectorSeries.Absent);
            var filtered = new VectorSeries(series.Labels, values) { DropsName = series.DropsName };
            if (HasValue(filtered))
                result.Add(filtered);
        }

        return result;
    }
}
