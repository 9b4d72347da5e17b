namespace Observability.Simulator;

/// <summary>What runs on the simulated cluster, and the two things a cluster does to it.</summary>
public interface IClusterWorkloads { IReadOnlyList<SimulatedNode> Nodes { get; } IReadOnlyList<SimulatedPod> Pods { get; } void Evict(string ns, string pod, DateTimeOffset now); void SetSchedulable(string node, bool schedulable, DateTimeOffset now); }
