using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads the series at the start of a sample line: <c>name</c>, <c>name{a="b", c="d",}</c>, or, as of Prometheus 3,
/// <c>{"my.name", "a.b"="c"}</c>.
/// </summary>
internal static class SeriesText
{
    private const int MaxLabels = 128;

    /// <summary>Longest label value.</summary>
    internal const int MaxValueBytes = 8_192;

    /// <summary>What names of metrics are made of; label names have no ':'.</summary>
    internal static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:"u8);

    [ThreadStatic]
    private static string[]? t_room;

    /// <summary>Length of the series at the start of a line; -1 with a reason where there is none.</summary>
    public static int Measure(ReadOnlySpan<byte> line, out string reason)
    {
        reason = "";
        var name = line.IndexOfAnyExcept(NameBytes);
        if (name < 0)
            name = line.Length;
        var open = name;
        while (open < line.Length && IsSpace(line[open]))
            open++;
        if (open >= line.Length || line[open] != '{')
        {
            if (name > 0 && name < line.Length && IsSpace(line[name]))
                return name;
            reason = name == line.Length ? "the value is missing" : "a metric name holds letters, digits, '_' and ':' only";
            return -1;
        }

        var close = CloseOf(line[open..]);
        if (close < 0)
            reason = "the label set is not closed";
        return close < 0 ? -1 : open + close + 1;
    }

    /// <summary>Turns the bytes of a series into labels; null with a reason where they are malformed.</summary>
    public static LabelSet? Parse(ReadOnlySpan<byte> raw, out string reason)
    {
        var labels = new Pairs(t_room ??= new string[(MaxLabels + 1) * 2]);
        var name = raw.IndexOfAnyExcept(NameBytes);
        var metric = RecentTexts.Get(name < 0 ? raw : raw[..name]);
        if (metric.Length > 0 && char.IsAsciiDigit(metric[0]))
        {
            reason = "a metric name does not begin with a digit";
            return null;
        }

        var open = raw.IndexOf((byte)'{');
        if (open >= 0)
        {
            var inside = raw[(open + 1)..^1];
            if (!TryPairs(inside, ref labels, ref metric, out reason))
                return null;
        }

        if (metric.Length == 0)
        {
            reason = "the metric name is missing";
            return null;
        }

        labels.Add(LabelSet.MetricNameLabel, metric);
        return labels.ToSet(out reason);
    }

    private static int CloseOf(ReadOnlySpan<byte> text)
    {
        for (var at = 1; at < text.Length;)
        {
            var step = text[at..].IndexOfAny((byte)'}', (byte)'"');
            if (step < 0)
                return -1;
            at += step;
            if (text[at] == '}')
                return at;
            var end = EndOfString(text[(at + 1)..]);
            if (end < 0)
                return -1;
            at += end + 2;
        }

        return -1;
    }

    // Index of the closing quote, past escapes; -1 where it is missing.
    private static int EndOfString(ReadOnlySpan<byte> text)
    {
        for (var at = 0; at < text.Length;)
        {
            var step = text[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (step < 0)
                return -1;
            at += step;
            if (text[at] == '"')
                return at;
            at += 2;
        }

        return -1;
    }

    private static bool TryPairs(
        ReadOnlySpan<byte> text, ref Pairs labels, ref string metric, out string reason)
    {
        reason = "";
        var rest = Trim(text);
        while (rest.Length > 0)
        {
            if (labels.Count >= MaxLabels)
                return Fail($"more than {MaxLabels} labels", out reason);
            if (!TryName(ref rest, out var name, out var quoted, out reason))
                return false;
            if (rest.Length > 0 && rest[0] == '=')
            {
                rest = Trim(rest[1..]);
                if (!TryString(ref rest, out var value, out reason))
                    return false;
                if (name == LabelSet.MetricNameLabel)
                    return Fail("the label __name__ is reserved", out reason);
                labels.Add(name, value);
            }
            else if (quoted && metric.Length == 0)
            {
                metric = name;
            }
            else
            {
                return Fail($"label {name} has no '='", out reason);
            }

            rest = Trim(rest);
            if (rest.Length == 0)
                return true;
            if (rest[0] != ',')
                return Fail($"a ',' is missing after label {name}", out reason);
            rest = Trim(rest[1..]);
        }

        return true;
    }

    private static bool TryName(ref ReadOnlySpan<byte> rest, out string name, out bool quoted, out string reason)
    {
        quoted = rest[0] == '"';
        if (quoted)
        {
            var ok = TryString(ref rest, out name, out reason);
            rest = Trim(rest);
            return ok && (name.Length > 0 || Fail("a name is empty", out reason));
        }

        name = "";
        var length = rest.IndexOfAnyExcept(NameBytes);
        length = length < 0 ? rest.Length : length;
        if (length == 0 || char.IsAsciiDigit((char)rest[0]) || rest[..length].Contains((byte)':'))
            return Fail("a label name holds letters, digits and '_' only and does not begin with a digit", out reason);
        name = RecentTexts.Get(rest[..length]);
        rest = Trim(rest[length..]);
        reason = "";
        return true;
    }

    private static bool TryString(ref ReadOnlySpan<byte> rest, out string value, out string reason)
    {
        value = "";
        if (rest.Length == 0 || rest[0] != '"')
            return Fail("a label value is not quoted", out reason);
        var end = EndOfString(rest[1..]);
        if (end < 0)
            return Fail("a quote is not closed", out reason);
        var inside = rest.Slice(1, end);
        rest = rest[(end + 2)..];
        if (end > MaxValueBytes)
            return Fail($"a label value is longer than {MaxValueBytes} bytes", out reason);
        if (!Utf8.IsValid(inside))
            return Fail("a label value is not valid UTF-8", out reason);
        value = inside.Contains((byte)'\\') ? Unescape(inside) : RecentTexts.Get(inside);
        reason = "";
        return true;
    }

    // \\ \" and \n are escapes; any other backslash stands for itself, as old exporters write Windows paths.
    private static string Unescape(ReadOnlySpan<byte> inside)
    {
        var text = new StringBuilder(Encoding.UTF8.GetString(inside));
        for (var at = 0; at + 1 < text.Length; at++)
        {
            if (text[at] != '\\' || text[at + 1] is not ('\\' or '"' or 'n'))
                continue;
            text[at] = text[at + 1] == 'n' ? '\n' : text[at + 1];
            text.Remove(at + 1, 1);
        }

        return text.ToString();
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t';

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t"u8);

    private static bool Fail(string why, out string reason)
    {
        reason = why;
        return false;
    }

    /// <summary>Names and values of one series in the thread's room: a list and a sorter for each series cost more than the set itself.</summary>
    private ref struct Pairs(string[] room)
    {
        private readonly string[] _room = room;

        public int Count { get; private set; }

        public void Add(string name, string value)
        {
            (_room[Count * 2], _room[(Count * 2) + 1]) = (name, value);
            Count++;
        }

        public readonly LabelSet? ToSet(out string reason)
        {
            Sort();
            var kept = 0;
            for (var i = 0; i < Count; i++)
            {
                if (i > 0 && _room[i * 2] == _room[(i - 1) * 2])
                {
                    reason = $"label {_room[i * 2]} appears twice";
                    return null;
                }

                kept += _room[(i * 2) + 1].Length > 0 ? 2 : 0;
            }

            reason = "";
            var pairs = new string[kept];
            for (int i = 0, next = 0; next < kept; i += 2)
            {
                // An empty value is an absent label.
                if (_room[i + 1].Length == 0)
                    continue;
                (pairs[next], pairs[next + 1]) = (_room[i], _room[i + 1]);
                next += 2;
            }

            return LabelSet.FromSortedPairs(pairs);
        }

        // By insertion: labels are few, and most exporters write them nearly in order.
        private readonly void Sort()
        {
            for (var i = 1; i < Count; i++)
            {
                var (name, value) = (_room[i * 2], _room[(i * 2) + 1]);
                var at = i;
                for (; at > 0 && string.CompareOrdinal(_room[(at - 1) * 2], name) > 0; at--)
                    (_room[at * 2], _room[(at * 2) + 1]) = (_room[(at - 1) * 2], _room[(at * 2) - 1]);
                (_room[at * 2], _room[(at * 2) + 1]) = (name, value);
            }
        }
    }
}
