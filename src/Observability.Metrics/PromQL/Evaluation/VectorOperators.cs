using Observability.Model;

namespace Observability.Metrics;

/// <summary>Operators between vectors and scalars, over all steps at once.</summary>
internal static class VectorOperators
{
    /// <summary>Result of an arithmetic operator, or 1 and 0 of a comparison.</summary>
    public static double Apply(string name, double left, double right) => name switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" => left / right,
        "%" => left % right,
        "^" => Math.Pow(left, right),
        "atan2" => Math.Atan2(left, right),
        "==" => left == right ? 1 : 0,
        "!=" => left != right ? 1 : 0,
        "<" => left < right ? 1 : 0,
        "<=" => left <= right ? 1 : 0,
        ">" => left > right ? 1 : 0,
        ">=" => left >= right ? 1 : 0,
        _ => throw new QueryFailureException("execution", $"operator {name} is unknown"),
    };

    public static bool IsComparison(string name) => name is "==" or "!=" or "<" or "<=" or ">" or ">=";

    /// <summary>A vector and a scalar; <paramref name="swap"/> where the scalar stands on the left.</summary>
    public static List<Column> WithScalar(BinaryExpression expression, List<Column> vector, double[] scalar, bool swap)
    {
        var filters = IsComparison(expression.Operator) && !expression.ReturnBool;
        var results = new List<Column>(vector.Count);
        foreach (var column in vector)
        {
            var values = new double[scalar.Length];
            for (var i = 0; i < values.Length; i++)
            {
                var value = column.Values[i];
                if (!Column.IsPresent(value))
                {
                    values[i] = Column.Absent;
                    continue;
                }

                var result = swap ? Apply(expression.Operator, scalar[i], value) : Apply(expression.Operator, value, scalar[i]);
                values[i] = !filters ? result : result == 1 ? value : Column.Absent;
            }

            results.Add(new Column(filters ? column.Labels : column.Labels.Without(LabelSet.MetricNameLabel), values));
        }

        return results;
    }

    /// <summary><c>and</c>, <c>or</c> and <c>unless</c>.</summary>
    public static List<Column> Set(BinaryExpression expression, List<Column> left, List<Column> right, int steps)
    {
        var matching = expression.Matching ?? VectorMatching.Default;
        var byRight = Presence(right, matching, steps);
        var results = new List<Column>();
        foreach (var column in left)
        {
            if (expression.Operator == "or")
            {
                results.Add(column);
                continue;
            }

            var other = byRight.GetValueOrDefault(Signature(column.Labels, matching));
            var keep = expression.Operator == "and";
            results.Add(new Column(column.Labels, [.. column.Values.Select((value, i) => (other?[i] ?? false) == keep ? value : Column.Absent)]));
        }

        if (expression.Operator == "or")
        {
            var byLeft = Presence(left, matching, steps);
            foreach (var column in right)
            {
                var other = byLeft.GetValueOrDefault(Signature(column.Labels, matching));
                results.Add(new Column(column.Labels, [.. column.Values.Select((value, i) => other?[i] ?? false ? Column.Absent : value)]));
            }
        }

        return results;
    }

    /// <summary>Arithmetic and comparison between two vectors, one to one or many to one.</summary>
    public static List<Column> Match(BinaryExpression expression, List<Column> left, List<Column> right, int steps)
    {
        var matching = expression.Matching ?? VectorMatching.Default;
        var (many, one) = matching.Group == "right" ? (right, left) : (left, right);
        var ones = one.GroupBy(column => Signature(column.Labels, matching)).ToDictionary(group => group.Key, group => group.ToArray());
        var results = new Dictionary<LabelSet, Column>();
        var taken = new Dictionary<LabelSet, bool[]>();
        var order = new List<Column>();
        foreach (var column in many)
        {
            var signature = Signature(column.Labels, matching);
            if (!ones.TryGetValue(signature, out var partners))
                continue;
            foreach (var labels in partners.Select(partner => ResultLabels(expression, matching, column.Labels, partner.Labels)).Distinct().ToArray())
            {
                if (!results.TryGetValue(labels, out var result))
                {
                    results[labels] = result = new Column(labels, Column.Empty(steps));
                    order.Add(result);
                }

                Fill(expression, matching, (column, partners, signature), result, taken);
            }
        }

        return order;
    }

    private static void Fill(
        BinaryExpression expression, VectorMatching matching, (Column Many, Column[] Partners, LabelSet Signature) pair, Column result,
        Dictionary<LabelSet, bool[]> taken)
    {
        var filters = IsComparison(expression.Operator) && !expression.ReturnBool;
        if (!taken.TryGetValue(pair.Signature, out var used))
            taken[pair.Signature] = used = new bool[result.Values.Length];
        for (var i = 0; i < result.Values.Length; i++)
        {
            var value = pair.Many.Values[i];
            if (!Column.IsPresent(value) || Partner(pair.Partners, i, pair.Signature) is not { } partner)
                continue;
            if (matching.Group.Length > 0 && !ResultLabels(expression, matching, pair.Many.Labels, partner.Labels).Equals(result.Labels))
                continue;
            if (matching.Group.Length == 0 && used[i])
                throw new QueryFailureException("execution", $"found duplicate series for the match group {pair.Signature} on the left side of the operation; many-to-many matching not allowed: matching labels must be unique on one side");
            used[i] = true;
            var other = partner.Values[i];
            var (a, b) = matching.Group == "right" ? (other, value) : (value, other);
            var outcome = Apply(expression.Operator, a, b);
            if (filters && outcome != 1)
                continue;
            if (matching.Group.Length > 0 && Column.IsPresent(result.Values[i]))
                throw new QueryFailureException("execution", "multiple matches for labels: grouping labels must ensure unique matches");
            result.Values[i] = filters ? a : outcome;
        }
    }

    private static Column? Partner(Column[] partners, int step, LabelSet signature)
    {
        Column? found = null;
        foreach (var partner in partners)
        {
            if (!Column.IsPresent(partner.Values[step]))
                continue;
            if (found is not null)
                throw new QueryFailureException("execution", $"found duplicate series for the match group {signature} on the right side of the operation: [{found.Labels}, {partner.Labels}]; many-to-many matching not allowed: matching labels must be unique on one side");
            found = partner;
        }

        return found;
    }

    private static LabelSet ResultLabels(BinaryExpression expression, VectorMatching matching, LabelSet many, LabelSet one)
    {
        var labels = IsComparison(expression.Operator) && !expression.ReturnBool ? many : many.Without(LabelSet.MetricNameLabel);
        if (matching.Group.Length == 0)
        {
            return matching.On ? labels.Keep([.. matching.Labels])
                : matching.Labels.IsEmpty ? labels : labels.Without([.. matching.Labels]);
        }

        foreach (var name in matching.Include)
            labels = labels.With(name, one[name]);
        return labels;
    }

    private static LabelSet Signature(LabelSet labels, VectorMatching matching) => matching.On
        ? labels.Keep([.. matching.Labels])
        : labels.Without([LabelSet.MetricNameLabel, .. matching.Labels]);

    private static Dictionary<LabelSet, bool[]> Presence(List<Column> columns, VectorMatching matching, int steps)
    {
        var presence = new Dictionary<LabelSet, bool[]>();
        foreach (var column in columns)
        {
            var signature = Signature(column.Labels, matching);
            if (!presence.TryGetValue(signature, out var at))
                presence[signature] = at = new bool[steps];
            for (var i = 0; i < steps; i++)
                at[i] |= Column.IsPresent(column.Values[i]);
        }

        return presence;
    }
}
