using System.Collections;
using System.Text;
using System.Text.Json.Serialization;

namespace Observability.Model;

/// <summary>
/// An immutable, sorted set of label names and values. Empty values are absent, as in Prometheus.
/// Equality is by content; the hash is computed once, when it is first asked for.
/// </summary>
[JsonConverter(typeof(LabelSetJsonConverter))]
public sealed class LabelSet : IEquatable<LabelSet>, IReadOnlyCollection<KeyValuePair<string, string>>
{
    /// <summary>The reserved label that holds a series' metric name.</summary>
    public const string MetricNameLabel = "__name__";

    // name, value, name, value … sorted by name (ordinal).
    private readonly string[] _pairs;

    // 0 until it is asked for: most sets of a query are never looked up.
    private int _hash;

    private LabelSet(string[] pairs) => _pairs = pairs;

    /// <summary>The set without labels.</summary>
    public static LabelSet Empty { get; } = new([]);

    /// <summary>Number of labels.</summary>
    public int Count => _pairs.Length / 2;

    /// <summary>The metric name, or an empty string.</summary>
    // Asked for several times of every series that is read; only label names in capitals or with a digit sort before it.
    public string MetricName => _pairs.Length > 0 && ReferenceEquals(_pairs[0], MetricNameLabel) ? _pairs[1] : this[MetricNameLabel];

    /// <summary>The value of a label, or an empty string where it is absent.</summary>
    public string this[string name] => TryGet(name, out var value) ? value : "";

    /// <summary>Builds a set from pairs in any order; a later pair replaces an earlier one of the same name.</summary>
    public static LabelSet From(IEnumerable<KeyValuePair<string, string>> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in labels)
            sorted[name] = value;
        return FromSorted(sorted);
    }

    /// <summary>Builds a set from pairs in any order; a later pair replaces an earlier one of the same name.</summary>
    public static LabelSet Of(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in labels)
            sorted[name] = value;
        return FromSorted(sorted);
    }

    /// <summary>
    /// Takes ownership of <c>name, value, …</c> that the caller has sorted by name (ordinal), without duplicates or
    /// empty values. For readers on the hot path; nothing is checked.
    /// </summary>
    public static LabelSet FromSortedPairs(string[] pairs) => pairs.Length == 0 ? Empty : new LabelSet(pairs);

    /// <summary>The same for a reader that has the hash of the pairs from the hashes of their texts.</summary>
    /// <param name="pairs">As above.</param>
    /// <param name="hash">What <see cref="TextHash.Of(ReadOnlySpan{string})"/> gives for <paramref name="pairs"/>.</param>
    public static LabelSet FromSortedPairs(string[] pairs, ulong hash) => new(pairs) { _hash = Folded(hash) };

    /// <summary>Looks a label up.</summary>
    public bool TryGet(string name, out string value)
    {
        int low = 0, high = Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = string.CompareOrdinal(_pairs[middle * 2], name);
            if (order == 0)
            {
                value = _pairs[(middle * 2) + 1];
                return true;
            }

            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        value = "";
        return false;
    }

    /// <summary>True where the label is present.</summary>
    public bool Has(string name) => TryGet(name, out _);

    /// <summary>A copy with one label set; an empty value removes it.</summary>
    public LabelSet With(string name, string value)
    {
        if (value.Length == 0)
            return Without(name);
        var at = 0;
        while (at < Count && string.CompareOrdinal(_pairs[at * 2], name) < 0)
            at++;
        var replaces = at < Count && _pairs[at * 2] == name;
        var pairs = new string[_pairs.Length + (replaces ? 0 : 2)];
        _pairs.AsSpan(0, at * 2).CopyTo(pairs);
        (pairs[at * 2], pairs[(at * 2) + 1]) = (name, value);
        _pairs.AsSpan((at + (replaces ? 1 : 0)) * 2).CopyTo(pairs.AsSpan((at + 1) * 2));
        return new LabelSet(pairs);
    }

    /// <summary>A copy with all of another set's labels on top.</summary>
    public LabelSet With(LabelSet others)
    {
        if (others.Count == 0)
            return this;
        if (Count == 0)
            return others;
        // Both are sorted: the smaller name goes first, and of two equal ones the other set's wins.
        var pairs = new string[_pairs.Length + others._pairs.Length];
        int own = 0, other = 0, next = 0;
        while (own < _pairs.Length || other < others._pairs.Length)
        {
            var order = own == _pairs.Length ? 1 : other == others._pairs.Length ? -1 : string.CompareOrdinal(_pairs[own], others._pairs[other]);
            var (from, at) = order < 0 ? (_pairs, own) : (others._pairs, other);
            (pairs[next], pairs[next + 1]) = (from[at], from[at + 1]);
            next += 2;
            own += order <= 0 ? 2 : 0;
            other += order >= 0 ? 2 : 0;
        }

        return FromSortedPairs(pairs[..next]);
    }

    /// <summary>A copy without the named labels.</summary>
    public LabelSet Without(params ReadOnlySpan<string> names) => Filter(names, keep: false);

    /// <summary>A copy with only the named labels.</summary>
    public LabelSet Keep(params ReadOnlySpan<string> names) => Filter(names, keep: true);

    /// <summary>
    /// FNV-1a (64 bit) over <c>name 0xFF value 0xFF</c> of the sorted labels in UTF-8: the fingerprint that
    /// Alertmanager computes, so that both name an alert alike.
    /// </summary>
    public ulong Fingerprint()
    {
        const ulong offset = 14695981039346656037;
        const ulong prime = 1099511628211;
        var hash = offset;
        Span<byte> buffer = stackalloc byte[256];
        foreach (var text in _pairs)
        {
            var size = Encoding.UTF8.GetMaxByteCount(text.Length);
            var bytes = size <= buffer.Length ? buffer : new byte[size];
            var length = Encoding.UTF8.GetBytes(text, bytes);
            foreach (var b in bytes[..length])
                hash = (hash ^ b) * prime;
            hash = (hash ^ 0xFF) * prime;
        }

        return hash;
    }

    /// <summary><see cref="Compare"/>, for sorting.</summary>
    public static IComparer<LabelSet> Order { get; } = Comparer<LabelSet>.Create(Compare);

    /// <summary>The order of Prometheus: name by name and value by value, ordinal.</summary>
    public static int Compare(LabelSet left, LabelSet right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        var common = Math.Min(left._pairs.Length, right._pairs.Length);
        for (var i = 0; i < common; i++)
        {
            var order = string.CompareOrdinal(left._pairs[i], right._pairs[i]);
            if (order != 0)
                return order;
        }

        return left.Count.CompareTo(right.Count);
    }

    /// <inheritdoc/>
    public bool Equals(LabelSet? other) =>
        other is not null && (ReferenceEquals(this, other)
            || (GetHashCode() == other.GetHashCode() && _pairs.AsSpan().SequenceEqual(other._pairs)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash != 0 ? _hash : _hash = Folded(TextHash.Of(_pairs));

    /// <summary>Prometheus notation: <c>metric{a="b", c="d"}</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(MetricName);
        text.Append('{');
        var first = true;
        foreach (var (name, value) in this)
        {
            if (name == MetricNameLabel)
                continue;
            if (!first)
                text.Append(", ");
            first = false;
            text.Append(name).Append("=\"")
                .Append(value.Replace("\\", "\\\\", StringComparison.Ordinal)
                    .Replace("\"", "\\\"", StringComparison.Ordinal)
                    .Replace("\n", "\\n", StringComparison.Ordinal))
                .Append('"');
        }

        return text.Append('}').ToString();
    }

    /// <summary>Name and value at a position, 0 to <see cref="Count"/> - 1, in the order of names.</summary>
    public KeyValuePair<string, string> At(int index) => new(_pairs[index * 2], _pairs[(index * 2) + 1]);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
    {
        for (var i = 0; i < _pairs.Length; i += 2)
            yield return new(_pairs[i], _pairs[i + 1]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static int Folded(ulong hash) => (int)(hash ^ (hash >> 32)) is var folded && folded != 0 ? folded : 1;

    private LabelSet Filter(ReadOnlySpan<string> names, bool keep)
    {
        var pairs = new string[_pairs.Length];
        var next = 0;
        for (var i = 0; i < _pairs.Length; i += 2)
        {
            if (names.Contains(_pairs[i]) != keep)
                continue;
            (pairs[next], pairs[next + 1]) = (_pairs[i], _pairs[i + 1]);
            next += 2;
        }

        return next == _pairs.Length ? this : FromSortedPairs(pairs[..next]);
    }

    private static LabelSet FromSorted(SortedDictionary<string, string> sorted)
    {
        var pairs = new List<string>(sorted.Count * 2);
        foreach (var (name, value) in sorted)
        {
            if (value.Length == 0)
                continue;
            pairs.Add(name);
            pairs.Add(value);
        }

        return FromSortedPairs([.. pairs]);
    }
}
