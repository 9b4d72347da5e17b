using System.Text;

namespace Observability.Collectors;

/// <summary>CSV as RFC 4180 has it: a cell in quotes may hold commas, line feeds and doubled quotes. What is left open ends with the text.</summary>
internal static class CsvText
{
    private const int CellLimit = 256;

    /// <summary>Rows with the number of the line that each begins on. Cells beyond 256 are left out.</summary>
    public static IEnumerable<(int Line, List<string> Cells)> Rows(string text)
    {
        var (cells, cell) = (new List<string>(), new StringBuilder());
        var (quoted, line, began) = (false, 1, 1);
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (letter == '\n')
                line++;
            if (quoted)
            {
                if (letter != '"')
                    cell.Append(letter);
                else if (at + 1 < text.Length && text[at + 1] == '"')
                    cell.Append(text[++at]);
                else
                    quoted = false;
            }
            else if (letter == '"' && cell.Length == 0)
            {
                quoted = true;
            }
            else if (letter is ',' or '\n')
            {
                Close();
                if (letter != '\n')
                    continue;
                yield return (began, cells);
                (cells, began) = ([], line);
            }
            else if (letter != '\r')
            {
                cell.Append(letter);
            }
        }

        if (cells.Count == 0 && cell.Length == 0)
            yield break;
        Close();
        yield return (began, cells);

        void Close()
        {
            if (cells.Count < CellLimit)
                cells.Add(cell.ToString());
            cell.Clear();
        }
    }
}
