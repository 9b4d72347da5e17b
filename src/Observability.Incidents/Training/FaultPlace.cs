namespace Observability.Incidents;

/// <summary>Where a fault of a story happens.</summary>
/// <param name="Job">The job that suffers.</param>
/// <param name="Nodes">Its nodes.</param>
/// <param name="Node">The node of the fault.</param>
/// <param name="Part">Index of GPU or NIC.</param>
internal sealed record FaultPlace(string Job, IReadOnlyList<int> Nodes, int Node, int Part);
