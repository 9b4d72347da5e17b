using System.Text;

namespace Observability.Server;

/// <summary>Rows of a comma-separated file: fields may be quoted, a quote within is doubled, no field spans lines. Empty lines are left out.</summary>
/// <example><c>microservice,cart,"orders, eu"</c></example>
internal static class CsvRows
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyList<IReadOnlyList<string>> Read(string file) => [.. File.ReadLines(file).Where(line => line.Length > 0).Select(Split)];

    private static List<string> Split(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var isQuoted = false;
        for (var at = 0; at < line.Length; at++)
        {
            var letter = line[at];
            if (letter == '"' && isQuoted && at + 1 < line.Length && line[at + 1] == '"')
                field.Append(line[++at]);
            else if (letter == '"')
                isQuoted = !isQuoted;
            else if (letter == ',' && !isQuoted)
                Flush();
            else
                field.Append(letter);
        }

        Flush();
        return fields;

        void Flush()
        {
            fields.Add(field.ToString().Trim());
            field.Clear();
        }
    }
}
