using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Observability.Server;

/// <summary>
/// Two runs of one set side by side. A difference is more than noise where it exceeds 1.96 standard errors, taken from the width of both
/// intervals as of independent runs; runs on the same cases differ by less, so that this rather overlooks a difference than invents one.
/// </summary>
internal static class EvalComparison
{
    private const double Sigmas = 1.96;

    /// <summary>Both runs as a Markdown table; null with the reason where they cannot be compared.</summary>
    public static string? Of((string Name, JsonNode Run) a, (string Name, JsonNode Run) b, out string error)
    {
        error = "";
        var (left, right) = (FiguresOf(a.Run), FiguresOf(b.Run));
        if (left is null || right is null)
            error = $"{(left is null ? a.Name : b.Name)}: holds no figures; give the file that eval run --out wrote";
        else if (Text(a.Run, "set") != Text(b.Run, "set"))
            error = $"{a.Name} is a run of {Text(a.Run, "set")}, {b.Name} of {Text(b.Run, "set")}: their figures do not mean the same; give two runs of one set";
        return error.Length > 0 ? null : Table(a, b, left!, right!);
    }

    private static string Table((string Name, JsonNode Run) a, (string Name, JsonNode Run) b, Dictionary<string, JsonNode> left, Dictionary<string, JsonNode> right)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Text(a.Run, "set")}: A is {a.Name}, B is {b.Name}.\n");
        if (Text(a.Run["data"], "sha256") != Text(b.Run["data"], "sha256"))
            text.Append("The data differ: a difference may come from them alone.\n");
        foreach (var (name, model) in Models(a.Run).Where(pair => Models(b.Run).TryGetValue(pair.Key, out var other) && other != pair.Value))
            text.Append(CultureInfo.InvariantCulture, $"The model {name} differs: {Short(model)} and {Short(Models(b.Run)[name])}.\n");
        text.Append("\n| figure | A | interval | B | interval | B - A | more than noise |\n| --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (var name in left.Keys.Union(right.Keys))
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {Row(left.GetValueOrDefault(name), right.GetValueOrDefault(name))} |\n");
        return text.ToString();
    }

    private static string Row(JsonNode? a, JsonNode? b)
    {
        var (x, y) = (Number(a, "value"), Number(b, "value"));
        return string.Join(" | ", Show(x), Interval(a), Show(y), Interval(b), x is { } from && y is { } to ? Signed(to - from) : "", IsMore(a, b) switch { true => "yes", false => "no", null => "not known" });
    }

    private static bool? IsMore(JsonNode? a, JsonNode? b)
    {
        if (Number(a, "value") is not { } x || Number(b, "value") is not { } y || Width(a) is not { } wide || Width(b) is not { } other)
            return null;
        var error = Math.Sqrt((wide * wide) + (other * other)) / (2 * Sigmas);
        return Math.Abs(y - x) > Math.Max(Sigmas * error, 1e-9);
    }

    private static double? Width(JsonNode? figure) => Number(figure, "high") - Number(figure, "low");

    private static Dictionary<string, JsonNode>? FiguresOf(JsonNode run) => run is JsonObject && run["figures"] is JsonArray figures
        ? figures.OfType<JsonObject>().Where(figure => Text(figure, "name").Length > 0).DistinctBy(figure => Text(figure, "name")).ToDictionary(figure => Text(figure, "name"), JsonNode (figure) => figure, StringComparer.Ordinal)
        : null;

    private static Dictionary<string, string> Models(JsonNode run) =>
        (run["models"] as JsonObject ?? []).ToDictionary(pair => pair.Key, pair => pair.Value?.ToString() ?? "", StringComparer.Ordinal);

    private static string Text(JsonNode? node, string name) => node is JsonObject && node[name] is JsonValue value ? value.ToString() : "";

    private static double? Number(JsonNode? node, string name) => node?[name] is JsonValue value && value.TryGetValue<double>(out var number) ? number : null;

    private static string Interval(JsonNode? figure) => Number(figure, "low") is { } low && Number(figure, "high") is { } high ? $"{Show(low)} to {Show(high)}" : "";

    private static string Show(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "";

    private static string Signed(double value) => value.ToString("+0.####;-0.####;0", CultureInfo.InvariantCulture);

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] + "…" : hash;
}
