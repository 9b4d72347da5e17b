namespace Observability.Simulator;

/// <summary>Shape and seed of a simulated fleet.</summary>
public sealed record FleetOptions
{
    /// <summary>Fewest nodes: one per small job and two for the first.</summary>
    public const int MinimumNodes = 4;

    /// <summary>Most nodes the simulator serves.</summary>
    public const int MaximumNodes = 2_048;

    /// <summary>GPUs, and NICs, of a node.</summary>
    public const int GpusPerNode = 8;

    /// <summary>Nodes of a full scalable unit, which share one leaf switch per rail.</summary>
    public const int NodesPerUnit = 32;

    /// <summary>Nodes of a rack.</summary>
    public const int NodesPerRack = 4;

    /// <summary>Number of nodes, <see cref="MinimumNodes"/> to <see cref="MaximumNodes"/>.</summary>
    public int Nodes { get; init; } = 64;

    /// <summary>Seed of names, noise and script.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Nodes on the same leaf switches; fewer in a fleet that is partly built.</summary>
    public int NodesPerLeaf { get; init; } = NodesPerUnit;

    /// <summary>The jobs in the order in which they get their nodes; their shares add up to at most one, what is left is spare.</summary>
    public IReadOnlyList<JobShape> Jobs { get; init; } = JobShape.Usual;

    /// <summary>What it tells beside what every fleet does.</summary>
    public FleetTelemetry Telemetry { get; init; }

    /// <summary>How long a job takes to start again after what stopped it is gone.</summary>
    public TimeSpan RestartDelay { get; init; } = TimeSpan.FromSeconds(90);
}
