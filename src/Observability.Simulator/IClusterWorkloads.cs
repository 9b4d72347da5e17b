namespace Observability.Simulator;

/// <summary>What the cluster's API needs of the fleet.</summary>
public interface IClusterWorkloads
{
    /// <summary>Every node.</summary>
    IReadOnlyList<SimulatedNode> Nodes { get; }

    /// <summary>Every pod.</summary>
    IReadOnlyList<SimulatedPod> Pods { get; }

    /// <summary>A pod was evicted: its job restarts without its node.</summary>
    void Evict(string ns, string pod, DateTimeOffset now);

    /// <summary>A node was cordoned or released.</summary>
    void SetSchedulable(string node, bool schedulable, DateTimeOffset now);
}
