namespace Observability.Metrics;

/// <summary>Where a part of a query stands in its text: characters <paramref name="Start"/> to <paramref name="End"/>, the latter excluded.</summary>
public readonly record struct TextSpan(int Start, int End)
{
    /// <summary><c>line:column</c>, both from 1, of a position in the text.</summary>
    public static string Describe(string text, int position)
    {
        int line = 1, column = 1;
        for (var i = 0; i < position && i < text.Length; i++)
        {
            if (text[i] == '\n')
            {
                line++;
                column = 1;
            }
            else
            {
                column++;
            }
        }

        return $"{line}:{column}";
    }
}
