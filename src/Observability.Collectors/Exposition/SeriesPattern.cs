using System.Text.Unicode;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// The label names of the series read last, with what stands around their values: on the next line nearly always only values differ, and sometimes
/// the metric.
/// <code>
/// node_network_mtu_bytes{device="eth0",port="1"} 1500        learnt: {device=" ",port=" "}
/// node_network_speed_bytes{device="lo",port=""} 0            fits; the empty value is an absent label
/// node_time_seconds 1.5e9                                    fits whatever was learnt: a name alone
/// </code>
/// What does not fit, or has an escape, a space or a fault, is for <see cref="SeriesText"/>, which gives the same labels for what does: a property
/// test holds the two together. Of 340 ns that it takes for a series of node_exporter 120 remain.
/// </summary>
internal sealed class SeriesPattern
{
    private const int MostLabels = 16;

    // What stands before each value: {device=" for the first, ",port=" for those behind it.
    private readonly List<byte[]> _before = [];

    // Names as written, and the written place of each in the order of names, -1 for the metric's.
    private readonly List<string> _names = [];
    private readonly List<int> _order = [];

    // Of the line measured last.
    private readonly Range[] _values = new Range[MostLabels];
    private int _metric;
    private int _count;
    private int _present;

    // The metric of the line before: families come in a piece.
    private string _lastMetric = "";
    private byte[] _lastName = [];

    /// <summary>Length of the series at the start of a line where it fits; 0 where it does not.</summary>
    public int Measure(ReadOnlySpan<byte> line)
    {
        _metric = line.IndexOfAnyExcept(SeriesText.NameBytes);
        if (_metric <= 0 || char.IsAsciiDigit((char)line[0]))
            return 0;
        (_count, _present) = (0, 0);
        if (line[_metric] is (byte)' ' or (byte)'\t')
            return line[_metric..].TrimStart(" \t"u8) is [(byte)'{', ..] ? 0 : _metric;
        var at = _metric;
        foreach (var literal in _before)
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

        return _count > 0 && line[at..].StartsWith("\"}"u8) && Utf8.IsValid(line[_metric..at]) ? at + 2 : 0;
    }

    /// <summary>The labels of the line that <see cref="Measure"/> found to fit.</summary>
    public LabelSet Labels(ReadOnlySpan<byte> line)
    {
        var metric = Metric(line[.._metric]);
        if (_count == 0)
            return LabelSet.FromSortedPairs([LabelSet.MetricNameLabel, metric]);
        var pairs = new string[(_present + 1) * 2];
        var next = 0;
        foreach (var written in _order)
        {
            if (written < 0)
            {
                (pairs[next], pairs[next + 1]) = (LabelSet.MetricNameLabel, metric);
                next += 2;
            }
            else if (line[_values[written]] is { Length: > 0 } value)
            {
                (pairs[next], pairs[next + 1]) = (_names[written], RecentTexts.Get(value));
                next += 2;
            }
        }

        return LabelSet.FromSortedPairs(pairs);
    }

    /// <summary>Learns from a series that <see cref="SeriesText"/> read without fault; what is written in another way than usual leaves all as it is.</summary>
    public void Learn(ReadOnlySpan<byte> raw)
    {
        var open = raw.IndexOf((byte)'{');
        if (open <= 0 || raw.IndexOfAny((byte)' ', (byte)'\t') is >= 0 and var space && space < open)
            return;
        Forget();
        for (var at = open; _names.Count < MostLabels;)
        {
            // From { or ", to the name's end, then =".
            var name = at + (at == open ? 1 : 2);
            var length = raw[name..].IndexOfAnyExcept(SeriesText.NameBytes);
            if (length <= 0 || !raw[(name + length)..].StartsWith("=\""u8))
                break;
            var value = name + length + 2;
            var end = raw[value..].IndexOfAny((byte)'"', (byte)'\\');
            if (end < 0 || raw[value + end] == '\\')
                break;
            _before.Add(raw[at..value].ToArray());
            _names.Add(RecentTexts.Get(raw.Slice(name, length)));
            at = value + end;
            if (raw[at..].SequenceEqual("\"}"u8))
            {
                Order();
                return;
            }

            if (!raw[at..].StartsWith("\","u8))
                break;
        }

        Forget();
    }

    private void Order()
    {
        for (var written = -1; written < _names.Count; written++)
        {
            var at = _order.Count;
            while (at > 0 && string.CompareOrdinal(Name(_order[at - 1]), Name(written)) > 0)
                at--;
            _order.Insert(at, written);
        }
    }

    private string Name(int written) => written < 0 ? LabelSet.MetricNameLabel : _names[written];

    private void Forget()
    {
        _before.Clear();
        _names.Clear();
        _order.Clear();
    }

    private string Metric(ReadOnlySpan<byte> name)
    {
        if (!name.SequenceEqual(_lastName))
            (_lastName, _lastMetric) = (name.ToArray(), RecentTexts.Get(name));
        return _lastMetric;
    }
}
