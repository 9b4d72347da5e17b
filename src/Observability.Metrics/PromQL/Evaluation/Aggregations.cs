using Observability.Model;

namespace Observability.Metrics;

/// <summary>Aggregations over labels, over all steps at once.</summary>
internal static class Aggregations
{
    public static List<Column> Evaluate(AggregateExpression expression, List<Column> input, double[]? parameter, int steps)
    {
        var groups = new List<(LabelSet Labels, List<Column> Members)>();
        var index = new Dictionary<LabelSet, int>();
        foreach (var column in input)
        {
            var labels = GroupOf(expression, column.Labels);
            if (!index.TryGetValue(labels, out var at))
            {
                index[labels] = at = groups.Count;
                groups.Add((labels, []));
            }

            groups[at].Members.Add(column);
        }

        return expression.Operator switch
        {
            "topk" or "bottomk" => [.. groups.SelectMany(group => Top(expression.Operator == "topk", group.Members, parameter!, steps))],
            "count_values" => [.. groups.SelectMany(group => CountValues(((TextLiteral)Strip(expression.Parameter!)).Value, group.Labels, group.Members, steps))],
            _ => [.. groups.Select(group => new Column(group.Labels, Fold(expression.Operator, group.Members, parameter, steps)))],
        };
    }

    private static Expression Strip(Expression expression) => expression is ParenExpression paren ? Strip(paren.Inner) : expression;

    private static LabelSet GroupOf(AggregateExpression expression, LabelSet labels) => expression.Without
        ? labels.Without([LabelSet.MetricNameLabel, .. expression.Grouping])
        : expression.Grouping.IsEmpty ? LabelSet.Empty : labels.Keep([.. expression.Grouping]);

    private static double[] Fold(string name, List<Column> members, double[]? parameter, int steps)
    {
        var results = new double[steps];
        var present = new List<double>(members.Count);
        for (var i = 0; i < steps; i++)
        {
            present.Clear();
            foreach (var member in members)
            {
                if (Column.IsPresent(member.Values[i]))
                    present.Add(member.Values[i]);
            }

            results[i] = present.Count == 0 ? Column.Absent : Value(name, present, parameter?[i] ?? 0);
        }

        return results;
    }

    private static double Value(string name, List<double> values, double parameter)
    {
        var span = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values);
        return name switch
        {
            "count" => values.Count,
            "group" => 1,
            "quantile" => WindowFunctions.Quantile(parameter, span),
            _ => WindowFunctions.Evaluate($"{name}_over_time", [], span, default, 0),
        };
    }

    private static List<Column> Top(bool largest, List<Column> members, double[] counts, int steps)
    {
        var results = members.ConvertAll(member => new Column(member.Labels, Column.Empty(steps)));
        for (var i = 0; i < steps; i++)
        {
            var at = i;
            var count = double.IsNaN(counts[i]) ? 0 : (int)Math.Clamp(counts[i], 0, members.Count);
            var best = Enumerable.Range(0, members.Count)
                .Where(m => Column.IsPresent(members[m].Values[at]))
                .OrderBy(m => double.IsNaN(members[m].Values[at]) ? 1 : 0)
                .ThenBy(m => largest ? -members[m].Values[at] : members[m].Values[at])
                .Take(count);
            foreach (var m in best)
                results[m].Values[i] = members[m].Values[i];
        }

        return steps == 1 && results.Count > 1
            ? [.. results.OrderBy(column => double.IsNaN(column.Values[0]) ? 1 : 0).ThenBy(column => largest ? -column.Values[0] : column.Values[0])]
            : results;
    }

    private static IEnumerable<Column> CountValues(string label, LabelSet group, List<Column> members, int steps)
    {
        var counts = new Dictionary<string, double[]>(StringComparer.Ordinal);
        for (var i = 0; i < steps; i++)
        {
            foreach (var member in members)
            {
                if (!Column.IsPresent(member.Values[i]))
                    continue;
                var text = PrometheusNumber.Format(member.Values[i]);
                if (!counts.TryGetValue(text, out var values))
                    counts[text] = values = Column.Empty(steps);
                values[i] = Column.IsPresent(values[i]) ? values[i] + 1 : 1;
            }
        }

        return counts.Select(pair => new Column(group.With(label, pair.Key), pair.Value));
    }
}
