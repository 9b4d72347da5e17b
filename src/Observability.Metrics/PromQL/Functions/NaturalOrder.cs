namespace Observability.Metrics;

/// <summary>Text order in which runs of digits count as numbers: <c>gpu2</c> before <c>gpu10</c>.</summary>
internal static class NaturalOrder
{
    public static int Compare(string left, string right)
    {
        int leftAt = 0, rightAt = 0;
        while (leftAt < left.Length && rightAt < right.Length)
        {
            var leftRun = Run(left, ref leftAt);
            var rightRun = Run(right, ref rightAt);
            var order = char.IsAsciiDigit(leftRun[0]) && char.IsAsciiDigit(rightRun[0])
                ? CompareNumbers(leftRun, rightRun)
                : leftRun.SequenceCompareTo(rightRun);
            if (order != 0)
                return order;
        }

        // 01 and 1 are the same number, but not the same text.
        var rest = (left.Length - leftAt).CompareTo(right.Length - rightAt);
        return rest != 0 ? rest : string.CompareOrdinal(left, right);
    }

    private static ReadOnlySpan<char> Run(string text, ref int position)
    {
        var start = position;
        var digits = char.IsAsciiDigit(text[position]);
        while (position < text.Length && char.IsAsciiDigit(text[position]) == digits)
            position++;
        return text.AsSpan(start, position - start);
    }

    // Of any length: without leading zeros the longer number is the larger one.
    private static int CompareNumbers(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        left = left.TrimStart('0');
        right = right.TrimStart('0');
        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
    }
}
