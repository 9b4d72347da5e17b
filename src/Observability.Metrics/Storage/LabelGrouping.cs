using Observability.Model;

namespace Observability.Metrics;

/// <summary>
/// Compares label sets by some of their labels: those named (<c>by</c>, <c>on</c>), or all but those (<c>without</c>,
/// <c>ignoring</c>). A dictionary of series with it as comparer groups them without making a label set for each one.
/// </summary>
internal sealed class LabelGrouping(IEnumerable<string> names, bool without) : IEqualityComparer<LabelSet>
{
    private readonly string[] _names = [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The labels that count.</summary>
    public LabelSet Of(LabelSet labels) => without ? labels.Without(_names) : labels.Keep(_names);

    /// <inheritdoc/>
    public bool Equals(LabelSet? x, LabelSet? y)
    {
        if (ReferenceEquals(x, y) || x is null || y is null)
            return ReferenceEquals(x, y);
        if (!without)
        {
            foreach (var name in _names)
            {
                if (x[name] != y[name])
                    return false;
            }

            return true;
        }

        int left = 0, right = 0;
        while (true)
        {
            Skip(x, ref left);
            Skip(y, ref right);
            if (left == x.Count || right == y.Count)
                return left == x.Count && right == y.Count;
            var (one, other) = (x.At(left++), y.At(right++));
            if (one.Key != other.Key || one.Value != other.Value)
                return false;
        }
    }

    /// <inheritdoc/>
    public int GetHashCode(LabelSet obj)
    {
        var hash = new HashCode();
        if (!without)
        {
            foreach (var name in _names)
                hash.Add(obj[name].GetHashCode(StringComparison.Ordinal));
            return hash.ToHashCode();
        }

        for (var i = 0; ; i++)
        {
            Skip(obj, ref i);
            if (i == obj.Count)
                return hash.ToHashCode();
            hash.Add(obj.At(i).Value.GetHashCode(StringComparison.Ordinal));
        }
    }

    private void Skip(LabelSet labels, ref int at)
    {
        while (at < labels.Count && _names.AsSpan().Contains(labels.At(at).Key))
            at++;
    }
}
