using System.Globalization;
using System.Text;

namespace Observability.Benchmarks;

/// <summary>A table of results, printed as Markdown; the columns after the first are numbers.</summary>
internal sealed class Table(string title, params string[] columns)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row; null is shown as a dash.</summary>
    public void Add(string name, params double?[] values) => _rows.Add([name, .. values.Select(Show)]);

    /// <summary>Prints it.</summary>
    public void Print()
    {
        var text = new StringBuilder($"\n### {title}\n\n| {string.Join(" | ", columns)} |\n|---{string.Concat(Enumerable.Repeat("|--:", columns.Length - 1))}|\n");
        foreach (var row in _rows)
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |\n");
        System.Console.WriteLine(text);
    }

    // Three significant digits, without exponents.
    private static string Show(double? value) => value switch
    {
        null => "-",
        0 => "0",
        >= 100 or <= -100 => value.Value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 or <= -10 => value.Value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 0.1 or <= -0.1 => value.Value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.0000", CultureInfo.InvariantCulture),
    };
}
