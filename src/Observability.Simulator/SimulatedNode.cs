namespace Observability.Simulator;

/// <summary>A node of the simulated fleet as the cluster sees it.</summary>
public sealed record SimulatedNode(string Name, IReadOnlyDictionary<string, string> Labels, bool Ready);
