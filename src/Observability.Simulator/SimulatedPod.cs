namespace Observability.Simulator;

/// <summary>A pod of the simulated fleet as the cluster sees it.</summary>
public sealed record SimulatedPod(string Namespace, string Name, string Uid, string Node, string Job, IReadOnlyDictionary<string, string> Labels, string OwnerKind, string OwnerName, bool Running);
