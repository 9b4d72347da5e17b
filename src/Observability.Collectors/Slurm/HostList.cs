using System.Globalization;

namespace Observability.Collectors;

/// <summary>
/// Expands Slurm's host lists: <c>node[0201-0203,0281],gpu-a[1-2]-b[0-1],login1</c>. Leading zeros keep their width. Ranges beyond the
/// limit are refused whole, so that a few characters never become millions of names.
/// </summary>
internal static class HostList
{
    /// <summary>Most names of one list.</summary>
    public const int Limit = 100_000;

    /// <summary>The names in order; null where the text is no host list or names more than <paramref name="most"/>.</summary>
    public static List<string>? Expand(string text, int most = Limit)
    {
        var names = new List<string>();
        foreach (var part in Parts(text))
        {
            if (part is null || ExpandPart(part, most - names.Count) is not { } expanded)
                return null;
            names.AddRange(expanded);
        }

        return names;
    }

    // Commas inside brackets separate ranges, outside of them hosts.
    private static IEnumerable<string?> Parts(string text)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] != ',')
            {
                depth += text[i] == '[' ? 1 : text[i] == ']' ? -1 : 0;
                if (depth is < 0 or > 1)
                    yield return null;
                if (depth is < 0 or > 1)
                    yield break;
                continue;
            }

            if (depth > 0 && i < text.Length)
                continue;
            if (depth > 0)
                yield return null;
            if (i > start && depth == 0)
                yield return text[start..i].Trim();
            start = i + 1;
        }
    }

    private static List<string>? ExpandPart(string part, int most)
    {
        if (most < 1)
            return null;
        List<string> names = [""];
        for (var at = 0; at < part.Length;)
        {
            var open = part.IndexOf('[', at);
            var plain = part[at..(open < 0 ? part.Length : open)];
            names = [.. names.Select(name => name + plain)];
            if (open < 0)
                break;
            var close = part.IndexOf(']', open);
            if (close < 0 || Numbers(part[(open + 1)..close], most) is not { Count: > 0 } numbers || (long)names.Count * numbers.Count > most)
                return null;
            names = [.. names.SelectMany(name => numbers.Select(number => name + number))];
            at = close + 1;
        }

        return names;
    }

    private static List<string>? Numbers(string ranges, int most)
    {
        var numbers = new List<string>();
        foreach (var range in ranges.Split(',', StringSplitOptions.TrimEntries))
        {
            var dash = range.IndexOf('-', StringComparison.Ordinal);
            var (low, high) = dash < 0 ? (range, range) : (range[..dash], range[(dash + 1)..]);
            if (!int.TryParse(low, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                || !int.TryParse(high, NumberStyles.None, CultureInfo.InvariantCulture, out var last)
                || last < first || numbers.Count + (long)last - first + 1 > most)
            {
                return null;
            }

            for (var number = first; number <= last && number >= first; number++)
                numbers.Add(number.ToString(CultureInfo.InvariantCulture).PadLeft(low.Length, '0'));
        }

        return numbers;
    }
}
