using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Observability.Server;

/// <summary>A scored run with where it comes from: what is printed, written as JSON and put on a page.</summary>
/// <param name="Set">The kind of set.</param>
/// <param name="Path">The folder as it was named.</param>
/// <param name="Data">Hash of every file below the folder.</param>
/// <param name="Score">What it came to.</param>
/// <param name="Cases">How many cases were answered.</param>
/// <param name="WallSeconds">From the first case to the last answer.</param>
/// <param name="CpuSeconds">Likewise, of all threads.</param>
internal sealed record EvalReport(string Set, string Path, EvalData Data, EvalScore Score, int Cases, double WallSeconds, double CpuSeconds)
{
    /// <summary>The command that gives it.</summary>
    public string Command { get; init; } = $"eval run --set {Set} {Path}";

    /// <summary>The report as JSON, as <c>eval compare</c> reads it.</summary>
    public JsonObject ToJson() => new()
    {
        ["set"] = Set,
        ["path"] = Path,
        ["data"] = new JsonObject { ["files"] = Data.Files, ["sha256"] = Data.Sha256 },
        ["models"] = new JsonObject(Score.Models.Select(model => KeyValuePair.Create(model.Key, (JsonNode?)model.Value))),
        ["version"] = ServerVersion.Text,
        ["cases"] = Cases,
        ["wall_seconds"] = Math.Round(WallSeconds, 2),
        ["cpu_seconds"] = Math.Round(CpuSeconds, 2),
        ["figures"] = new JsonArray([.. Score.Figures.Select(Json)]),
        ["tables"] = new JsonArray([.. Score.Tables.Select(Json)]),
        ["notes"] = new JsonArray([.. Score.Notes.Select(note => (JsonNode)note)]),
    };

    /// <summary>The report as Markdown: a section of docs/accuracy.md, and what the terminal shows.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            ## {(Score.Title.Length > 0 ? Score.Title : Set)}

            `{Command}`: {Cases} cases; data SHA-256 `{Data.Sha256[..16]}…` ({Data.Files} files); {Trained()}.


            """);
        AppendTable(text, ["figure", "value", "95 % interval", "cases", "chance"], Score.Figures.Select(Row));
        foreach (var table in Score.Tables)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{table.Title}\n\n");
            AppendTable(text, table.Columns, table.Rows);
        }

        if (Score.Notes.Count > 0)
            text.Append('\n');
        foreach (var note in Score.Notes)
            text.Append(CultureInfo.InvariantCulture, $"- {note}\n");
        return text.ToString();
    }

    private string Trained() =>
        Score.Models.Count == 0 ? "nothing trained takes part" : $"models {string.Join(", ", Score.Models.Select(model => $"{model.Key} `{model.Value[..Math.Min(16, model.Value.Length)]}…`"))}";

    private static IReadOnlyList<string> Row(EvalFigure figure) =>
    [
        figure.Name,
        Number(figure.Value),
        figure.Interval is { } interval ? $"{Number(interval.Low)} to {Number(interval.High)}" : "",
        figure.Cases.ToString(CultureInfo.InvariantCulture),
        figure.Chance is { } chance ? Number(chance) : "",
    ];

    private static string Number(double value) => value.ToString(Math.Abs(value) >= 100 ? "0.#" : "0.###", CultureInfo.InvariantCulture);

    private static void AppendTable(StringBuilder text, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        AppendRow(text, columns);
        AppendRow(text, [.. columns.Select(_ => "---")]);
        foreach (var row in rows)
            AppendRow(text, row);
    }

    private static void AppendRow(StringBuilder text, IReadOnlyList<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static JsonObject Json(EvalFigure figure) => new()
    {
        ["name"] = figure.Name,
        ["value"] = double.IsFinite(figure.Value) ? figure.Value : null,
        ["low"] = figure.Interval?.Low,
        ["high"] = figure.Interval?.High,
        ["cases"] = figure.Cases,
        ["chance"] = figure.Chance,
    };

    private static JsonObject Json(EvalTable table) => new()
    {
        ["title"] = table.Title,
        ["columns"] = new JsonArray([.. table.Columns.Select(column => (JsonNode)column)]),
        ["rows"] = new JsonArray([.. table.Rows.Select(row => (JsonNode)new JsonArray([.. row.Select(cell => (JsonNode)cell)]))]),
    };
}
