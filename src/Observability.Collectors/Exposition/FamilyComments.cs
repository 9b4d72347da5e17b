using System.Text;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads what comment lines say about families; each line is looked at once, however often a target repeats it.
/// <code>
/// # TYPE http_requests_total counter
/// # HELP http_requests_total Requests by code.
/// # UNIT wait_seconds seconds
/// </code>
/// </summary>
internal sealed class FamilyComments
{
    private const int MostLines = 100_000;
    private const int LongestLine = 4_096;

    private readonly HashSet<byte[]> _seen = new(Utf8Bytes.Comparer);
    private readonly Dictionary<string, MetricMetadata> _families = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);

    public void Read(ReadOnlySpan<byte> line)
    {
        if (line.Length > LongestLine || !_seen.GetAlternateLookup<ReadOnlySpan<byte>>().Add(line))
            return;
        if (_seen.Count > MostLines)
        {
            _seen.Clear();
            _families.Clear();
        }

        var rest = line[1..].TrimStart(" \t"u8);
        var keyword = ExpositionReader.Token(ref rest);
        var isType = keyword.SequenceEqual("TYPE"u8);
        var isHelp = keyword.SequenceEqual("HELP"u8);
        if (!isType && !isHelp && !keyword.SequenceEqual("UNIT"u8))
            return;
        var family = Name(ExpositionReader.Token(ref rest));
        if (family.Length == 0)
            return;
        var known = _families.GetValueOrDefault(family) ?? new MetricMetadata(family, MetricMetadata.UnknownType, "", "");
        var text = Encoding.UTF8.GetString(rest);
        _families[family] = isType ? known with { Type = text is "untyped" ? MetricMetadata.UnknownType : text }
            : isHelp ? known with { Help = Unescape(text) }
            : known with { Unit = text };
        _changed.Add(family);
    }

    /// <summary>Families that something new was said about since the last call.</summary>
    public IReadOnlyList<MetricMetadata> TakeChanged()
    {
        if (_changed.Count == 0)
            return [];
        MetricMetadata[] changed = [.. _changed.Select(family => _families.GetValueOrDefault(family)).OfType<MetricMetadata>()];
        _changed.Clear();
        return changed;
    }

    private static string Name(ReadOnlySpan<byte> token) =>
        Utf8Pool.Shared.Get(token is [(byte)'"', .., (byte)'"'] ? token[1..^1] : token);

    private static string Unescape(string text) => text.Contains('\\', StringComparison.Ordinal)
        ? text.Replace("\\\\", "\u0001", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\u0001", "\\", StringComparison.Ordinal)
        : text;
}
