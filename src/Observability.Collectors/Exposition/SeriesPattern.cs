using Observability.Model;

namespace Observability.Collectors;

/// <summary>The label names of a series, and what stands around its values: <c>{device="</c>, a value, <c>",port="</c>, a value, <c>"}</c>.</summary>
internal sealed class SeriesPattern
{
    /// <summary>Most labels of a pattern; a series with more is rare and left to the slow reading.</summary>
    public const int MostLabels = 16;

    private SeriesPattern(byte[][] before, HashedText[] names) => (Before, Names, Order) = (before, names, Ordered(names));

    /// <summary>What stands before each value, up to and with its opening quote.</summary>
    public byte[][] Before { get; }

    /// <summary>Label names as written.</summary>
    public HashedText[] Names { get; }

    /// <summary>Where the labels of the sorted set are written, -1 for the metric's name.</summary>
    public int[] Order { get; }

    /// <summary>The pattern that followed in the text last time.</summary>
    public SeriesPattern? Follower { get; set; }

    /// <summary>The pattern of a series that <see cref="SeriesText"/> read without fault; null where it is written in another way than nearly all are.</summary>
    public static SeriesPattern? Of(ReadOnlySpan<byte> raw)
    {
        var open = raw.IndexOfAnyExcept(SeriesText.NameBytes);
        if (open <= 0 || raw[open] != '{')
            return null;
        var before = new List<byte[]>();
        var names = new List<HashedText>();
        for (var at = open; names.Count < MostLabels;)
        {
            // From { or ", to the name's end, then =".
            var name = at + (at == open ? 1 : 2);
            var length = raw[name..].IndexOfAnyExcept(SeriesText.NameBytes);
            if (length <= 0 || !raw[(name + length)..].StartsWith("=\""u8))
                return null;
            var value = name + length + 2;
            var end = raw[value..].IndexOfAny((byte)'"', (byte)'\\');
            if (end < 0 || raw[value + end] == '\\')
                return null;
            before.Add(raw[at..value].ToArray());
            names.Add(RecentTexts.Hashed(raw.Slice(name, length)));
            at = value + end;
            if (raw[at..].SequenceEqual("\"}"u8))
                return new SeriesPattern([.. before], [.. names]);
            if (!raw[at..].StartsWith("\","u8))
                return null;
        }

        return null;
    }

    // By insertion: labels are few, and most exporters write them nearly in order.
    private static int[] Ordered(HashedText[] names)
    {
        var order = new int[names.Length + 1];
        for (var written = -1; written < names.Length; written++)
        {
            var at = written + 1;
            for (; at > 0 && string.CompareOrdinal(Name(order[at - 1]), Name(written)) > 0; at--)
                order[at] = order[at - 1];
            order[at] = written;
        }

        return order;

        string Name(int written) => written < 0 ? LabelSet.MetricNameLabel : names[written].Text;
    }
}
