namespace Observability.Server;

/// <summary>All that a simulated fleet follows from, and where it listens: a log's position and a target belong to an address.</summary>
/// <param name="Nodes">Nodes of the fleet.</param>
/// <param name="Seed">Seed of fleet, script and noise.</param>
/// <param name="Faults">Faults of the script.</param>
/// <param name="Start">When it began, in its own time.</param>
/// <param name="Port">The simulator's port on 127.0.0.1.</param>
internal sealed record FleetBeginning(int Nodes, int Seed, int Faults, DateTimeOffset Start, int Port)
{
    /// <summary>What the fleet tells beside the usual.</summary>
    public Simulator.FleetTelemetry Telemetry { get; init; }
}
