using System.Globalization;

namespace Observability.Collectors;

/// <summary>
/// The GPUs in Slurm's generic resources: <c>gpu:h100:8(IDX:0-7)</c>, <c>gpu:A100:5(IDX:0,4-7)</c>, <c>gpu:(null):8(IDX:0-7)</c>, <c>gpu:8(S:0-1)</c>,
/// <c>gpu:h200:0(IDX:N/A)</c>, and others before or behind them.
/// </summary>
internal static class GpuGres
{
    private const int Limit = 1_024;

    /// <summary>How many GPUs a text names, over all types.</summary>
    public static int Count(string text)
    {
        var sum = 0;
        foreach (var item in Items(text))
        {
            var paren = item.IndexOf('(', StringComparison.Ordinal);
            var counted = paren > 0 ? item[..paren] : item;
            var last = counted[(counted.LastIndexOf(':') + 1)..];
            if (int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                sum = Math.Min(sum + Math.Min(count, Limit), Limit);
            else if (last == "gpu")
                sum++;
        }

        return sum;
    }

    /// <summary>The indices a text names, ascending; empty where it names none.</summary>
    public static List<int> Indices(string text)
    {
        var indices = new SortedSet<int>();
        foreach (var item in Items(text))
        {
            var start = item.IndexOf("(IDX:", StringComparison.Ordinal);
            var end = start < 0 ? -1 : item.IndexOf(')', start);
            if (end < 0)
                continue;
            foreach (var range in item[(start + 5)..end].Split(','))
            {
                var ends = range.Split('-');
                if (int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                    && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) && last < Limit)
                {
                    for (var index = first; index <= last; index++)
                        indices.Add(index);
                }
            }
        }

        return [.. indices];
    }

    // Commas inside parentheses belong to one resource.
    private static IEnumerable<string> Items(string text)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && (text[i] != ',' || depth > 0))
            {
                depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
                continue;
            }

            var item = text[start..i].Trim();
            if (item.StartsWith("gres/", StringComparison.Ordinal))
                item = item[5..];
            if (item.StartsWith("gpu:", StringComparison.Ordinal) || item == "gpu")
                yield return item.Replace("gpu:(null):", "gpu:", StringComparison.Ordinal);
            start = i + 1;
        }
    }
}
