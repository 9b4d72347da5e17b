using System.Globalization;
using System.Text.Json;

namespace Observability.Server;

/// <summary>
/// What the authors' analysis says of a trace: <c>result-AR.json</c> (S and its decomposition), <c>mw-AR.json</c> (M_W) and
/// <c>ms-AR.json</c> (M_S). A job straggles from an S of 1.1 on, and what accounts for half of the slowdown is its cause.
/// </summary>
/// <param name="Slowdown">S.</param>
/// <param name="WorstWorkers">M_W; null where its file is missing.</param>
/// <param name="LastStage">M_S; likewise.</param>
internal sealed record StragglerLabel(double Slowdown, double? WorstWorkers, double? LastStage)
{
    private const double Straggling = 1.1;
    private const double Explains = 0.5;

    /// <summary>The data-parallel rank that slows the job most.</summary>
    public int SlowestRank { get; init; }

    /// <summary>The stage that slows the job most.</summary>
    public int SlowestStage { get; init; }

    /// <summary>How many workers there are to choose from.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>The cause that the labels tell; null where they say that it is neither workers nor the last stage, but not what it is.</summary>
    public string? Cause => Slowdown < Straggling ? "none" : WorstWorkers >= Explains ? "worker" : LastStage >= Explains ? "stage" : null;

    /// <summary>Reads the labels that lie beside a trace; null where there are none.</summary>
    /// <exception cref="JsonException">A label file is not JSON.</exception>
    public static StragglerLabel? Beside(string trace, string id)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(trace))!;
        if (Read(folder, "result", id) is not { } result || !result.TryGetProperty("blocking_slowdown", out var slowdown))
            return null;
        var (ranks, stages) = (Decomposed(result, "blocking_decompose_by_dp_rank"), Decomposed(result, "blocking_decompose_by_stage"));
        return new StragglerLabel(slowdown.GetDouble(), Measure(folder, "mw", id, "Mw"), Measure(folder, "ms", id, "Ms"))
        {
            SlowestRank = ranks.MaxBy(pair => pair.Value).Key,
            SlowestStage = stages.MaxBy(pair => pair.Value).Key,
            Workers = Math.Max(1, ranks.Count * stages.Count),
        };
    }

    private static Dictionary<int, double> Decomposed(JsonElement result, string name)
    {
        var found = new Dictionary<int, double>();
        if (!result.TryGetProperty(name, out var parts) || parts.ValueKind != JsonValueKind.Object)
            return new Dictionary<int, double> { [0] = 1 };
        foreach (var part in parts.EnumerateObject())
            found[int.Parse(part.Name.Split(',')[0], CultureInfo.InvariantCulture)] = part.Value.GetDouble();
        return found;
    }

    private static double? Measure(string folder, string file, string id, string name) =>
        Read(folder, file, id) is { } measure && measure.TryGetProperty(name, out var value) ? value.GetDouble() : null;

    private static JsonElement? Read(string folder, string file, string id)
    {
        var path = Path.Combine(folder, id.Length > 0 ? $"{file}-{id}.json" : $"{file}.json");
        if (!File.Exists(path))
            return null;
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return json.RootElement.Clone();
    }
}
