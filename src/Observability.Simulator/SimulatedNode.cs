namespace Observability.Simulator;

/// <summary>A node as the cluster's API shows it.</summary>
public sealed record SimulatedNode(string Name, IReadOnlyDictionary<string, string> Labels, bool Ready);
