using System.Collections;
using System.Text;
using System.Text.Json.Serialization;

namespace Observability.Model;

/// <summary>
/// An immutable, sorted set of label names and values. Empty values are absent, as in Prometheus.
/// Equality is by content; the hash is computed once.
/// </summary>
[JsonConverter(typeof(LabelSetJsonConverter))]
public sealed class LabelSet : IEquatable<LabelSet>, IReadOnlyCollection<KeyValuePair<string, string>>
{
    /// <summary>The reserved label that holds a series' metric name.</summary>
    public const string MetricNameLabel = "__name__";

    // name, value, name, value … sorted by name (ordinal).
    private readonly string[] _pairs;
    private readonly int _hash;

    private LabelSet(string[] pairs)
    {
        _pairs = pairs;
        var hash = new HashCode();
        foreach (var text in pairs)
            hash.Add(text, StringComparer.Ordinal);
        _hash = hash.ToHashCode();
    }

    /// <summary>The set without labels.</summary>
    public static LabelSet Empty { get; } = new([]);

    /// <summary>Number of labels.</summary>
    public int Count => _pairs.Length / 2;

    /// <summary>The metric name, or an empty string.</summary>
    public string MetricName => this[MetricNameLabel];

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
        var sorted = ToSorted();
        sorted[name] = value;
        return FromSorted(sorted);
    }

    /// <summary>A copy with all of another set's labels on top.</summary>
    public LabelSet With(LabelSet others)
    {
        if (others.Count == 0)
            return this;
        var sorted = ToSorted();
        foreach (var (name, value) in others)
            sorted[name] = value;
        return FromSorted(sorted);
    }

    /// <summary>A copy without the named labels.</summary>
    public LabelSet Without(params ReadOnlySpan<string> names)
    {
        var sorted = ToSorted();
        foreach (var name in names)
            sorted.Remove(name);
        return sorted.Count == Count ? this : FromSorted(sorted);
    }

    /// <summary>A copy with only the named labels.</summary>
    public LabelSet Keep(params ReadOnlySpan<string> names)
    {
        var kept = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (TryGet(name, out var value))
                kept[name] = value;
        }

        return FromSorted(kept);
    }

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

    /// <inheritdoc/>
    public bool Equals(LabelSet? other) =>
        other is not null && (ReferenceEquals(this, other)
            || (_hash == other._hash && _pairs.AsSpan().SequenceEqual(other._pairs)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

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

    private SortedDictionary<string, string> ToSorted()
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in this)
            sorted[name] = value;
        return sorted;
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
