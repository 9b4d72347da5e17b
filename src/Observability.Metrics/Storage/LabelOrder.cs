using Observability.Model;

namespace Observability.Metrics;

/// <summary>Label sets in the order of Prometheus (name by name, value by value), and set operations without detours.</summary>
internal static class LabelOrder
{
    public static int Compare(LabelSet left, LabelSet right)
    {
        var common = Math.Min(left.Count, right.Count);
        for (var i = 0; i < common; i++)
        {
            var (leftName, leftValue) = left.At(i);
            var (rightName, rightValue) = right.At(i);
            var order = string.CompareOrdinal(leftName, rightName);
            if (order == 0)
                order = string.CompareOrdinal(leftValue, rightValue);
            if (order != 0)
                return order;
        }

        return left.Count.CompareTo(right.Count);
    }

    /// <summary>Only the named labels.</summary>
    public static LabelSet Keep(LabelSet labels, HashSet<string> names) => Filter(labels, names, keep: true);

    /// <summary>All but the named labels.</summary>
    public static LabelSet Drop(LabelSet labels, HashSet<string> names) => Filter(labels, names, keep: false);

    public static LabelSet DropName(LabelSet labels)
    {
        if (!labels.Has(LabelSet.MetricNameLabel))
            return labels;
        var pairs = new string[(labels.Count - 1) * 2];
        var next = 0;
        for (var i = 0; i < labels.Count; i++)
        {
            var (name, value) = labels.At(i);
            if (name == LabelSet.MetricNameLabel)
                continue;
            pairs[next++] = name;
            pairs[next++] = value;
        }

        return LabelSet.FromSortedPairs(pairs);
    }

    private static LabelSet Filter(LabelSet labels, HashSet<string> names, bool keep)
    {
        var pairs = new List<string>(labels.Count * 2);
        for (var i = 0; i < labels.Count; i++)
        {
            var (name, value) = labels.At(i);
            if (names.Contains(name) != keep)
                continue;
            pairs.Add(name);
            pairs.Add(value);
        }

        return pairs.Count == labels.Count * 2 ? labels : LabelSet.FromSortedPairs([.. pairs]);
    }
}
