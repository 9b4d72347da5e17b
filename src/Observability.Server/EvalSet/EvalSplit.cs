using Observability.Simulator;

namespace Observability.Server;

/// <summary>A part of a labelled set. Parts share neither seeds nor fleets, so that nothing learnt of one helps with another by heart.</summary>
/// <param name="Name">Its name and that of its file.</param>
/// <param name="Share">Its share of the faults, 0 to 1.</param>
/// <param name="FirstSeed">The seed of its first session counts from here.</param>
/// <param name="Fleets">Shapes of its fleets, taken in turns.</param>
internal sealed record EvalSplit(string Name, double Share, int FirstSeed, IReadOnlyList<FleetOptions> Fleets)
{
    // Frameworks give up and start again sooner than the demo's, so that an incident is over before the next one.
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(20);

    /// <summary>Seeds that a part has for itself.</summary>
    public const int SeedsPerSplit = 300_000;

    /// <summary>All parts.</summary>
    public static IReadOnlyList<EvalSplit> All { get; } =
    [
        new("train", 0.7, 0, [Shape(6, 3, "pre", 0.5, 0.34), Shape(8, 4, "pre", 0.5, 0.25, 0.13), Shape(10, 10, "pre", 0.6, 0.3), Shape(12, 6, "pre", 0.4, 0.3, 0.2)]),
        new("validation", 0.15, SeedsPerSplit, [Shape(7, 4, "val", 0.58, 0.29), Shape(11, 6, "val", 0.46, 0.28, 0.1)]),
        new("test", 0.15, 2 * SeedsPerSplit, [Shape(5, 5, "run", 0.6, 0.2), Shape(9, 3, "run", 0.34, 0.34, 0.12), Shape(13, 7, "run", 0.39, 0.24, 0.16, 0.08)]),
    ];

    /// <summary>A shape in one word: nodes, nodes on a leaf, jobs.</summary>
    public static string NameOf(FleetOptions fleet) => $"{fleet.Nodes}n-{fleet.NodesPerLeaf}l-{fleet.Jobs.Count}j";

    private static FleetOptions Shape(int nodes, int perLeaf, string prefix, params double[] shares) => new()
    {
        Nodes = nodes,
        NodesPerLeaf = perLeaf,
        RestartDelay = RestartDelay,
        Jobs = [.. shares.Select((share, n) => new JobShape($"{prefix}-{n}", share, 2.5 + (1.4 * n), 0.36 + (0.03 * n)))],
    };
}
