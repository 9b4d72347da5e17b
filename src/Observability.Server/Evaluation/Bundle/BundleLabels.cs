using System.Globalization;
using System.Text.Json;
using Observability.Collectors;
using Observability.Model;
using Observability.Simulator;

namespace Observability.Server;

/// <summary>What is true of a case. Only scoring reads it, after the answers are there.</summary>
internal sealed record BundleLabels
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The case's name, as in its answer.</summary>
    public required string Case { get; init; }

    /// <summary>True for an episode of a set, false for a whole run.</summary>
    public required bool IsEpisode { get; init; }

    /// <summary>Length times GPUs, in days.</summary>
    public required double GpuDays { get; init; }

    /// <summary>What happened.</summary>
    public required IReadOnlyList<LabelledFault> Faults { get; init; }

    /// <summary>What only looked like it.</summary>
    public required IReadOnlyList<LabelledFault> Negatives { get; init; }

    /// <summary>What hangs on what, or did at some time: from each entity to those that are part of it, run on it, are cabled to it or belong to it.</summary>
    public required ILookup<EntityId, EntityId> Below { get; init; }

    /// <summary>Reads what is true of a case; null where nobody wrote it down.</summary>
    /// <exception cref="JsonException">A label file is not what it should be.</exception>
    public static BundleLabels? Of(BundleCase one) => one.Folder.Length > 0 ? OfRun(one) : OfEpisode(one.Line);

    /// <summary>The entities in which a fault may show directly: its own and all that hangs on them. Its jobs only where the fault is theirs.</summary>
    public HashSet<EntityId> ScopeOf(LabelledFault fault)
    {
        var scope = new HashSet<EntityId>();
        var waiting = new Queue<EntityId>(fault.Entities.Append(fault.Entity));
        while (waiting.TryDequeue(out var entity))
        {
            if (!scope.Add(entity))
                continue;
            foreach (var below in Below[entity])
                waiting.Enqueue(below);
        }

        scope.UnionWith(fault.Nodes.Select(node => new EntityId(EntityKind.Node, node)));
        return scope;
    }

    private static BundleLabels OfEpisode(string line)
    {
        var told = JsonSerializer.Deserialize<ToldTruth>(line, Json)!;
        var telemetry = EpisodeTelemetry.Read(line);
        var nodes = int.Parse(told.Fleet.AsSpan(0, Math.Max(0, told.Fleet.IndexOf('n', StringComparison.Ordinal))), CultureInfo.InvariantCulture);
        return new BundleLabels
        {
            Case = telemetry.Id,
            IsEpisode = true,
            GpuDays = nodes * FleetOptions.GpusPerNode * (telemetry.To - telemetry.From).TotalDays,
            Faults = told.Faults,
            Negatives = told.Negatives,
            Below = telemetry.Topology.Edges.Concat(telemetry.Moves.SelectMany(move => move.Edges)).Select(edge => (edge.From, edge.To)).Distinct().ToLookup(edge => edge.To, edge => edge.From),
        };
    }

    private static BundleLabels? OfRun(BundleCase one)
    {
        var path = new[] { Path.Combine("truth", "truth.json"), "truth.json" }.Select(name => Path.Combine(one.Folder, name)).FirstOrDefault(File.Exists);
        if (path is null)
            return null;
        var truth = JsonSerializer.Deserialize<ToldTruth>(File.ReadAllBytes(path), Json)!;
        var about = JsonSerializer.Deserialize<ToldRun>(File.ReadAllBytes(Path.Combine(one.Folder, "bundle.json")), Json)!;
        var shape = Path.Combine(one.Folder, "topology.json");
        var edges = File.Exists(shape) ? TopologyDocument.Read(File.ReadAllBytes(shape), shape, about.Start).Content.Edges : [];
        return new BundleLabels
        {
            Case = one.Name,
            IsEpisode = false,
            GpuDays = about.Gpus * (about.End - about.Start).TotalDays,
            Faults = truth.Faults,
            Negatives = truth.Negatives,
            Below = edges.ToLookup(edge => edge.To, edge => edge.From),
        };
    }

    private sealed record ToldTruth
    {
        public string Fleet { get; init; } = "";

        public IReadOnlyList<LabelledFault> Faults { get; init; } = [];

        public IReadOnlyList<LabelledFault> Negatives { get; init; } = [];
    }

    private sealed record ToldRun(int Gpus, DateTimeOffset Start, DateTimeOffset End);
}
