namespace Observability.Simulator;

/// <summary>A pod as the cluster's API shows it: all ranks of a job on one node.</summary>
public sealed record SimulatedPod(
    string Namespace, string Name, string Uid, string Node, string Job, IReadOnlyDictionary<string, string> Labels,
    string OwnerKind, string OwnerName, bool Running);
