using System.Globalization;

namespace Observability.Collectors;

/// <summary>Slurm's short form of names: <c>node[0201-0272,0281]</c>, <c>a,b[1-2]</c>, <c>rack[1-2]n[1-3]</c>. Leading zeros are kept.</summary>
internal static class NodeRanges
{
    private const int Limit = 100_000;

    /// <summary>Every name; null where brackets or ranges are wrong, or there are more than 100,000 names.</summary>
    public static IReadOnlyList<string>? Expand(string text)
    {
        var names = new List<string>();
        var start = 0;
        var depth = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '[')
                depth++;
            else if (i < text.Length && text[i] == ']')
                depth--;
            if (depth is < 0 or > 1)
                return null;
            if (i < text.Length && (text[i] != ',' || depth > 0))
                continue;
            var part = text[start..i].Trim();
            start = i + 1;
            if (part.Length > 0 && !TryExpand(part, "", names))
                return null;
        }

        return depth == 0 ? names : null;
    }

    private static bool TryExpand(string part, string before, List<string> names)
    {
        var open = part.IndexOf('[', StringComparison.Ordinal);
        if (open < 0)
        {
            names.Add(before + part);
            return names.Count <= Limit;
        }

        var close = part.IndexOf(']', open);
        if (close < 0)
            return false;
        foreach (var range in part[(open + 1)..close].Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = range.Split('-');
            if (ends.Length > 2 || !Number(ends[0], out var first) || !Number(ends[^1], out var last) || last < first || last - first > Limit)
                return false;
            for (var i = first; i <= last; i++)
            {
                var number = i.ToString(CultureInfo.InvariantCulture).PadLeft(ends[0].Length, '0');
                if (!TryExpand(part[(close + 1)..], before + part[..open] + number, names))
                    return false;
            }
        }

        return true;
    }

    private static bool Number(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
