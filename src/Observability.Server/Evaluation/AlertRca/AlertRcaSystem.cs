using System.Text.Json;
using Observability.Incidents;

namespace Observability.Server;

/// <summary>A system with recorded incidents: its alerts by case, in order of time, and its knowledge graph.</summary>
internal sealed class AlertRcaSystem
{
    private static readonly (string File, ServiceAlertSource Source)[] Files =
    [
        ("metric/metrics.json", ServiceAlertSource.Metric), ("trace/traces.json", ServiceAlertSource.Trace), ("log/logs.json", ServiceAlertSource.Log),
    ];

    private AlertRcaSystem(string folder, IReadOnlyList<AlertRcaCase> cases, ServiceGraph graph) => (Folder, Cases, Graph) = (folder, cases, graph);

    /// <summary>Where it lies.</summary>
    public string Folder { get; }

    /// <summary>Its name: that of its folder.</summary>
    public string Name => Path.GetFileName(Folder);

    /// <summary>Its incidents, by the time of their first alert.</summary>
    public IReadOnlyList<AlertRcaCase> Cases { get; }

    /// <summary>What it consists of.</summary>
    public ServiceGraph Graph { get; }

    /// <summary>Every system below a folder, that folder included, in order of their names.</summary>
    public static IReadOnlyList<AlertRcaSystem> Below(string path, Action<string> trouble)
    {
        // A single source of a system may be asked about as well: its folder lies in the system's.
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Files.Any(file => file.File.StartsWith(Path.GetFileName(root) + "/", StringComparison.Ordinal) && File.Exists(Path.Combine(Path.GetDirectoryName(root)!, file.File))))
            root = Path.GetDirectoryName(root)!;
        return [.. Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories).Prepend(root)
            .Where(folder => Files.Any(file => File.Exists(Path.Combine(folder, file.File))))
            .Order(StringComparer.Ordinal).Select(folder => Read(folder, trouble))];
    }

    private static AlertRcaSystem Read(string folder, Action<string> trouble)
    {
        var order = new List<string>();
        var alerts = new Dictionary<string, List<ServiceAlert>>(StringComparer.Ordinal);
        foreach (var (file, source) in Files)
        {
            foreach (var (name, some) in ReadFile(Path.Combine(folder, file), source, trouble))
            {
                if (!alerts.TryGetValue(name, out var known))
                {
                    alerts[name] = known = [];
                    order.Add(name);
                }

                known.AddRange(some);
            }
        }

        // A case whose alerts tell no time keeps its place after the case before it in the files.
        var cases = new List<AlertRcaCase>();
        var last = DateTimeOffset.MinValue;
        foreach (var name in order)
            cases.Add(new AlertRcaCase(name, alerts[name], last = alerts[name].Min(alert => alert.At) ?? last));
        var graph = SystemGraphs.Of(folder, [.. alerts.Values.SelectMany(some => some).Select(alert => alert.Entity).Distinct()], trouble);
        return new AlertRcaSystem(folder, [.. cases.OrderBy(one => one.BeganAt)], graph);
    }

    private static IReadOnlyList<(string Case, IReadOnlyList<ServiceAlert> Alerts)> ReadFile(string file, ServiceAlertSource source, Action<string> trouble)
    {
        if (!File.Exists(file))
        {
            trouble($"{file}: is not there; its cases are judged without {source.ToString().ToLowerInvariant()} alerts");
            return [];
        }

        try
        {
            return AlertFiles.Read(file, source, trouble);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            trouble($"{file}: cannot be used: {problem.Message}");
            return [];
        }
    }
}
