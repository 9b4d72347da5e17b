using System.Text.Unicode;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads series by the pattern of the one before: from line to line nearly always only values differ, and sometimes the metric. Where the pattern
/// changes, the one that followed last time is tried, since exporters of a kind write the same order again and again.
/// <code>
/// node_network_mtu_bytes{device="eth0",port="1"} 1500        learnt: {device=" ",port=" "}
/// node_network_speed_bytes{device="lo",port=""} 0            fits; the empty value is an absent label
/// node_time_seconds 1.5e9                                    fits whatever was learnt: a name alone
/// </code>
/// What does not fit, or has an escape, a space or a fault, is for <see cref="SeriesText"/>, which gives the same labels for what does: a property
/// test holds the two together.
/// </summary>
internal sealed class SeriesPatterns
{
    private const int MostLearnt = 1_024;

    // A body may lack a few families that the one before had.
    private const int Ahead = 3;

    private static readonly HashedText s_metricNameLabel = HashedText.Of(LabelSet.MetricNameLabel);

    private static readonly int[] s_nameOnly = [-1];

    private readonly Range[] _values = new Range[SeriesPattern.MostLabels];
    private SeriesPattern? _first;
    private SeriesPattern? _current;
    private int _learnt;

    // Of the line measured last: bytes of its metric, labels written and those of them that have a value.
    private int _metric;
    private int _count;
    private int _present;

    // The metric of the line before: families come in a piece.
    private HashedText _lastMetric = HashedText.Of("");

    /// <summary>Begins a body.</summary>
    public void Begin() => _current = null;

    /// <summary>Length of the series at the start of a line where it fits; 0 where it does not.</summary>
    public int Measure(ReadOnlySpan<byte> line)
    {
        _metric = line.IndexOfAnyExcept(SeriesText.NameBytes);
        if (_metric <= 0 || char.IsAsciiDigit((char)line[0]))
            return 0;
        if (line[_metric] is (byte)' ' or (byte)'\t')
        {
            (_count, _present) = (0, 0);
            return line[_metric..].TrimStart(" \t"u8) is [(byte)'{', ..] ? 0 : _metric;
        }

        if (_current is not null && Measure(line, _current) is > 0 and var length)
            return length;
        var next = After(_current);
        for (var ahead = 0; next is not null && ahead < Ahead; ahead++)
        {
            if (Measure(line, next) is > 0 and var found)
            {
                _current = next;
                return found;
            }

            next = next.Follower;
        }

        return 0;
    }

    /// <summary>The labels of the line that <see cref="Measure(ReadOnlySpan{byte})"/> found to fit.</summary>
    public LabelSet Labels(ReadOnlySpan<byte> line)
    {
        var metric = line[.._metric];
        if (!System.Text.Ascii.Equals(metric, _lastMetric.Text))
            _lastMetric = RecentTexts.Hashed(metric);
        var pairs = new string[(_present + 1) * 2];
        var (next, hash) = (0, TextHash.None);
        foreach (var written in _count == 0 ? s_nameOnly : _current!.Order)
        {
            HashedText name, value;
            if (written < 0)
                (name, value) = (s_metricNameLabel, _lastMetric);
            else if (line[_values[written]] is { Length: > 0 } bytes)
                (name, value) = (_current!.Names[written], RecentTexts.Hashed(bytes));
            else
                continue;
            (pairs[next], pairs[next + 1]) = (name.Text, value.Text);
            next += 2;
            hash = TextHash.Then(TextHash.Then(hash, name.Hash), value.Hash);
        }

        return LabelSet.FromSortedPairs(pairs, hash);
    }

    /// <summary>Learns from a series that did not fit and that <see cref="SeriesText"/> read without fault.</summary>
    public void Learn(ReadOnlySpan<byte> raw)
    {
        if (SeriesPattern.Of(raw) is not { } pattern)
            return;
        // All that follow the first are held by it.
        if (++_learnt > MostLearnt)
            (_first, _current, _learnt) = (null, null, 0);
        pattern.Follower = After(_current);
        if (_current is null)
            _first = pattern;
        else
            _current.Follower = pattern;
        _current = pattern;
    }

    private SeriesPattern? After(SeriesPattern? pattern) => pattern is null ? _first : pattern.Follower;

    private int Measure(ReadOnlySpan<byte> line, SeriesPattern pattern)
    {
        (_count, _present) = (0, 0);
        var at = _metric;
        foreach (var literal in pattern.Before)
        {
            if (!line[at..].StartsWith(literal))
                return 0;
            at += literal.Length;
            var length = line[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (length is < 0 or > SeriesText.MaxValueBytes || line[at + length] == '\\')
                return 0;
            _values[_count++] = at..(at + length);
            _present += length > 0 ? 1 : 0;
            at += length;
        }

        return line[at..].StartsWith("\"}"u8) && Utf8.IsValid(line[_metric..at]) ? at + 2 : 0;
    }
}
