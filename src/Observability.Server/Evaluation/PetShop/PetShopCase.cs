using System.Text.Json;
using Observability.Incidents;

namespace Observability.Server;

/// <summary>An issue of a PetShop scenario: <c>scenario/part/issue_N</c>, its scenario holding <c>graph.csv</c> and <c>noissue/metrics.csv</c>.</summary>
internal sealed class PetShopCase
{
    private const string Metrics = "metrics.csv";
    private const string Target = "target.json";
    private const string Graph = "graph.csv";

    // How far above an issue its scenario may be.
    private const int Levels = 6;

    private readonly string _folder;

    private PetShopCase(string folder)
    {
        _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        Scenario = Above(_folder);
        var root = Path.GetDirectoryName(Scenario ?? Path.GetDirectoryName(Path.GetDirectoryName(_folder)) ?? _folder) ?? _folder;
        Name = Path.GetRelativePath(root, _folder).Replace(Path.DirectorySeparatorChar, '/');
    }

    /// <summary>Scenario, part and issue: <c>low_traffic/train/issue_3</c>, whichever folder was asked about.</summary>
    public string Name { get; }

    /// <summary>The folder of the scenario; null where no folder above the issue has a call graph.</summary>
    public string? Scenario { get; }

    /// <summary>Every issue below a folder, that folder included, in order of their names.</summary>
    public static IReadOnlyList<PetShopCase> Below(string path) =>
        [.. Directory.EnumerateFiles(path, Target, SearchOption.AllDirectories).Select(file => new PetShopCase(Path.GetDirectoryName(file)!)).OrderBy(one => one.Name, StringComparer.Ordinal)];

    /// <summary>True where the scenario has a normal period of its own.</summary>
    public static bool HasNormalPeriod(string? scenario) => scenario is not null && NormalOf(scenario) is not null;

    /// <summary>The call graph of the scenario and its normal period; what is missing is told, and empty or made up for.</summary>
    public static (ServiceGraph? Graph, MetricTable Normal) ReadScenario(string? scenario, Action<string> trouble)
    {
        if (scenario is null)
            return (null, MetricTable.Empty);
        var graph = Try(Path.Combine(scenario, Graph), PetShopFiles.Graph, trouble);
        if (NormalOf(scenario) is { } normal)
            return (graph, Try(normal, PetShopFiles.Metrics, trouble) ?? MetricTable.Empty);
        trouble($"{scenario}: has no noissue/{Metrics}; the first rows of its issues stand for its normal period");
        return (graph, MetricTable.Concat([.. Below(scenario).Select(one => one.ReadWindow(trouble)).OfType<MetricTable>()
            .Select(window => window.Slice(0, Math.Min(window.Rows, new LossRankingOptions().OnsetRow)))]));
    }

    /// <summary>What was alerted; null where the file does not tell, which is told.</summary>
    public MetricColumn? ReadTarget(Action<string> trouble)
    {
        var file = Path.Combine(_folder, Target);
        var target = Try(file, one => PetShopTarget.Read(one) is { } column ? new Found<MetricColumn>(column) : null, trouble);
        if (target is null)
            trouble($"{file}: names no target.node and target.metric; the issue cannot be judged");
        return target?.Value;
    }

    /// <summary>The rows around the issue; null where they cannot be read, which is told.</summary>
    public MetricTable? ReadWindow(Action<string> trouble) => Try(Path.Combine(_folder, Metrics), PetShopFiles.Metrics, trouble);

    /// <summary>For scoring alone: who was to blame; null where the file does not tell.</summary>
    public string? ReadTruth()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder, Target)));
        return json.RootElement.TryGetProperty("root_cause", out var cause) && cause.ValueKind == JsonValueKind.Object && cause.TryGetProperty("node", out var node) ? node.GetString() : null;
    }

    private static string? Above(string folder)
    {
        var at = folder;
        for (var level = 0; level < Levels && at is not null; level++)
        {
            if (File.Exists(Path.Combine(at, Graph)))
                return at;
            at = Path.GetDirectoryName(at);
        }

        return null;
    }

    private static string? NormalOf(string scenario)
    {
        var folders = Directory.EnumerateDirectories(scenario).Where(folder => Path.GetFileName(folder).Replace("_", "", StringComparison.Ordinal) is var name
            && (name.Equals("noissue", StringComparison.OrdinalIgnoreCase) || name.Equals("normal", StringComparison.OrdinalIgnoreCase)));
        return folders.Order(StringComparer.Ordinal).Select(folder => Path.Combine(folder, Metrics)).FirstOrDefault(File.Exists);
    }

    private static T? Try<T>(string file, Func<string, T?> read, Action<string> trouble)
        where T : class
    {
        try
        {
            return read(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            trouble($"{file}: cannot be used: {problem.Message}");
            return null;
        }
    }

    private sealed record Found<T>(T Value);
}
