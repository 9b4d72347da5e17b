using System.Text.Json;
using Observability.Incidents;

namespace Observability.Server;

/// <summary>Finds the knowledge graph that belongs to a system's alerts: the one that knows most of their entities, then the one that is called like the system.</summary>
internal static class SystemGraphs
{
    // data/fault-alerts/<system> and data/system-knowledge-graphs/original/<system>: the graphs hang on a folder a few levels up.
    private const int Levels = 4;

    /// <summary>The graph of the system in a folder; without any, one of unconnected nodes, which is told.</summary>
    public static ServiceGraph Of(string folder, IReadOnlyCollection<string> entities, Action<string> trouble)
    {
        var at = Path.GetFullPath(folder);
        for (var level = 0; level <= Levels && at is not null; level++)
        {
            var best = FilesAt(at).Select(file => (File: file, Graph: Read(file, trouble))).Where(one => one.Graph is not null)
                .Select(one => (one.File, Graph: one.Graph!, Known: Known(one.Graph!, entities)))
                .Where(one => one.Known > 0 || entities.Count == 0)
                .OrderByDescending(one => Math.Round(one.Known, 2)).ThenBy(one => !one.File.Contains(Path.GetFileName(folder), StringComparison.OrdinalIgnoreCase))
                .ThenBy(one => !one.File.Contains("original", StringComparison.OrdinalIgnoreCase)).ThenBy(one => one.File, StringComparer.Ordinal)
                .FirstOrDefault();
            if (best.Graph is not null)
                return best.Graph;
            at = Path.GetDirectoryName(at);
        }

        trouble($"{folder}: no *KG*.json with nodes and edges that its alerts name lies beside it or in a *knowledge-graph* folder above; its entities are judged unconnected");
        return new ServiceGraph(entities.Select(entity => KeyValuePair.Create(entity, "")), []);
    }

    private static IEnumerable<string> FilesAt(string folder) => Directory.EnumerateFiles(folder, "*KG*.json")
        .Concat(Directory.EnumerateDirectories(folder, "*knowledge-graph*").SelectMany(graphs => Directory.EnumerateFiles(graphs, "*.json", SearchOption.AllDirectories)));

    private static double Known(ServiceGraph graph, IReadOnlyCollection<string> entities)
    {
        var nodes = graph.Nodes.ToHashSet(StringComparer.Ordinal);
        return entities.Count == 0 ? 0 : entities.Count(nodes.Contains) / (double)entities.Count;
    }

    private static ServiceGraph? Read(string file, Action<string> trouble)
    {
        try
        {
            return SystemGraphFile.Read(file, trouble);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            trouble($"{file}: cannot be used: {problem.Message}");
            return null;
        }
    }
}
